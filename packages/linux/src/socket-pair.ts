import { checked, libcFunction } from './libc.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;

const native = {
  socketpair: libcFunction('int socketpair(int domain, int type, int protocol, _Out_ int *fds)'),
};

/** socketpair(2): two connected stream sockets, close-on-exec. OWNERSHIP: the caller closes both. */
export function createSocketPair(): [number, number] {
  const pair = [0, 0];
  checked('socketpair', native.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  return pair as [number, number];
}
