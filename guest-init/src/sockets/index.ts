/** Sockets of the host in the guest, and of the guest on the host: bound while the guest boots, served for as long as it lives. */
export { bindSockets, boundSockets } from './bind-sockets.ts';
export { serveSockets } from './serve-sockets.ts';
