/** Where the service of the guest is reached: a port of its machine (virtio-serial or vsock), or a Unix socket of any. */
export { serveSerialPorts } from './serial-ports.ts';
export { serveUnixSocket } from './unix-socket.ts';
export { serveVsockPorts } from './vsock-ports.ts';
