import { closeSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';
import { SOCKADDR_UN_BYTES, unixAddress } from './unix-address.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const BACKLOG = 128;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  bind: libcFunction('int bind(int fd, void *address, uint32_t length)'),
  listen: libcFunction('int listen(int fd, int backlog)'),
};

/**
 * A bound and listening Unix socket that Node does not accept on, to be handed to a helper: whoever connects early
 * waits in the backlog, so that nothing has to poll for the path.
 *
 * OWNERSHIP: the caller closes the descriptor and removes the path.
 */
export function listenUnix(path: string): number {
  const address = unixAddress(path);
  const fd = checked('socket', native.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  try {
    checked('bind', native.bind(fd, address, SOCKADDR_UN_BYTES), path);
    checked('listen', native.listen(fd, BACKLOG), path);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}
