/** The bridge: X11 clients of the guest on the server of the host, with their buffers and fences. A process of its own. */
export { bridgeMachine } from './bridge-machine.ts';
export type { ClientFences } from './client-fences.ts';
export { isSharedFile } from './fence-file.ts';
export { FenceWatch } from './fence-watch.ts';
export { type FenceParts, Fences } from './fences.ts';
export { moveMemfd } from './memfd/index.ts';
export { type BridgeOptions, runBridge } from './run-bridge.ts';
