/** What the VMM and the GPU of a machine do for the bridge, without either: see `createStandIn`. */
export { createStandIn, type StandInDevice } from './device.ts';
export { exportFile } from './futexes.ts';
