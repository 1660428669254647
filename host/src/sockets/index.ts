/** Sockets of the host in the guest (`--socket`), and of the guest on the host (`--publish-socket`). */
export { forwardSockets } from './forward-sockets.ts';
export { guestSockets } from './guest-sockets.ts';
export { pulseSocket } from './pulse-socket.ts';
