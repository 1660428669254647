/** The ways to run a VM: an interface, the features each way declares, and the choice between them. */
export type { Driver, DriverContext, DriverName, GuestRpc, RunningVm } from './driver.ts';
export type { DriverFeatures } from './features.ts';
export { type KvmAnswer, probeKvm } from './probe-kvm.ts';
export { selectDriver, thisDriverHost } from './select-driver.ts';
