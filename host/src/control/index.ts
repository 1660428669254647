/** The supervisor's own answers: status, progress and stop, as HTTP and JSON on `control.sock`. */
export { fetchVmStatus, stopVm, watchProgress } from './client.ts';
export { type ControlledVm, serveControl } from './server.ts';
export type { PhaseEvent, ProgressEvent, StepEvent, VmState, VmStatus } from './status.ts';
