/** The X server of the host for programs of the guest: what they find it by, and the bridge to it through a GPU. As streams, it goes over the room of sockets. */
export { prepareX11 } from './prepare-x11.ts';
export { serveBridge } from './serve-bridge.ts';
