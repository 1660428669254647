/** The bridge: X11 clients of the guest on the server of the host, with their buffers and fences. A process of its own. */
export type { ClientFences } from './client-fences.ts';
export { type BridgeOptions, runBridge } from './run-bridge.ts';
