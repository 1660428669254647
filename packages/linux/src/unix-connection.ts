import { closeSync } from 'node:fs';
import { setBlocking } from './descriptor.ts';
import { checked, libcFunction } from './libc.ts';
import { SOCKADDR_UN_BYTES, unixAddress } from './unix-address.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  connect: libcFunction('int connect(int fd, void *address, uint32_t length)'),
};

/**
 * A connection to a Unix socket that Node does not read from, to be handed to a helper. It never waits: a server whose
 * queue is full is an error (EAGAIN).
 *
 * @returns a descriptor, close-on-exec, whose reads and writes wait. OWNERSHIP: the caller closes it
 */
export function connectUnix(path: string): number {
  const address = unixAddress(path);
  const fd = checked('socket', native.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  try {
    checked('connect', native.connect(fd, address, SOCKADDR_UN_BYTES), path);
    setBlocking(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}
