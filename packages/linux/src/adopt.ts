import { closeSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { replaceDescriptor, setNonblocking } from './descriptor.ts';
import { checked, libcFunction } from './libc.ts';
import { createSocketPair } from './socket-pair.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
// struct sockaddr_un with the family alone: the kernel picks an abstract name (unix(7), "autobind").
const AUTOBIND_BYTES = 2;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  bind: libcFunction('int bind(int fd, void *address, uint32_t length)'),
};

/**
 * Gives a stream descriptor that Node does not know (a virtio-serial port, an AF_VSOCK connection) a native, event
 * driven handle with back-pressure: Node is handed one end of a socket pair, whose descriptor is then replaced.
 *
 * OWNERSHIP: takes `fd`; the socket closes it.
 */
export function adoptStream(fd: number): Socket {
  const [kept, spare] = createSocketPair();
  setNonblocking(fd);
  const socket = new Socket({ fd: kept, readable: true, writable: true, allowHalfOpen: false });
  replaceDescriptor(fd, kept);
  closeSync(spare);
  closeSync(fd);
  return socket;
}

/**
 * The same for a bound and listening socket of a family that libuv does not listen on.
 *
 * OWNERSHIP: takes `fd`; the server closes it.
 */
export function adoptListener(fd: number): Server {
  const kept = checked('socket', native.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const address = Buffer.alloc(AUTOBIND_BYTES);
  address.writeUInt16LE(AF_UNIX, 0);
  checked('bind', native.bind(kept, address, AUTOBIND_BYTES));
  setNonblocking(fd);
  const server = createServer({ allowHalfOpen: false }).listen({ fd: kept });
  replaceDescriptor(fd, kept);
  closeSync(fd);
  return server;
}
