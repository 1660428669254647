/** The X server of the host for programs of the guest: what they find it by. The streams themselves go over the room of sockets. */
export { prepareX11 } from './prepare-x11.ts';
