/** The X server of the host for programs of the guest: each client is a stream that is looked through on its way. */
export { type ChosenX11, chooseX11, x11Obstacle } from './choose-x11.ts';
export { serveX11 } from './serve-x11.ts';
