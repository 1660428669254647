/** The ways to run a VM: an interface, the features each way declares, and the choice between them. */
export type { Driver, DriverContext, DriverFeatures, DriverName, GuestRpc, RunningVm } from './driver.ts';
export { type KvmAnswer, probeKvm } from './probe-kvm.ts';
export { selectDriver } from './select-driver.ts';
