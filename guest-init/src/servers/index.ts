/** Where the service of the guest is reached: a virtio-serial port of its machine, or a Unix socket of any. */
export { serveSerialPorts } from './serial-ports.ts';
export { serveUnixSocket } from './unix-socket.ts';
