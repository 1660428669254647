import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checked, lastErrno, libcFunction, systemError } from './libc.ts';

// linux/socket.h, asm-generic/socket.h, asm-generic/poll.h
const AF_VSOCK = 40;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const POLLOUT = 0x4;
// asm-generic/errno.h
const EINPROGRESS = 115;

const BACKLOG = 128;

// linux/vm_sockets.h; the level is the family.
const SO_VM_SOCKETS_BUFFER_SIZE = 0;
const SO_VM_SOCKETS_BUFFER_MAX_SIZE = 2;

/**
 * What a connection may hold, instead of 256 KiB. Since 6.12.92 the kernel resets one that holds more packets than this
 * has room for their headers, which many small ones soon do; and since about the same time it sends no more than this
 * before it hears that the other side took it, of which libkrun up to 1.18.0 tells every 4 MiB.
 */
const BUFFER_BYTES = 8 * 1024 * 1024;
const FIRST_CHECK_MS = 1;
const CHECK_MS = 16;

/** Addresses of linux/vm_sockets.h. */
export const VSOCK_CIDS = { any: 0xffff_ffff, local: 1, host: 2 } as const;

/** struct sockaddr_vm of linux/vm_sockets.h: 0 u16 family · 2 u16 reserved · 4 u32 port · 8 u32 cid · 12 u8 flags · 13 zeros */
const SOCKADDR_VM_BYTES = 16;
const PORT_OFFSET = 4;
const CID_OFFSET = 8;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  bind: libcFunction('int bind(int fd, void *address, uint32_t length)'),
  listen: libcFunction('int listen(int fd, int backlog)'),
  connect: libcFunction('int connect(int fd, void *address, uint32_t length)'),
  setsockopt: libcFunction('int setsockopt(int fd, int level, int name, void *value, uint32_t length)'),
  poll: libcFunction('int poll(void *fds, unsigned long count, int timeoutMs)'),
  getsockopt: libcFunction('int getsockopt(int fd, int level, int name, void *value, void *length)'),
  getpeername: libcFunction('int getpeername(int fd, void *address, void *length)'),
};

/**
 * Listens on a port of this machine, vsock(7), at one of its addresses: EADDRNOTAVAIL where it has not got that one.
 *
 * OWNERSHIP: the caller closes the descriptor, or gives it to `adoptListener`.
 */
export function listenVsock(port: number, cid: number = VSOCK_CIDS.any): number {
  return withSocket((fd) => {
    checked('bind', native.bind(fd, sockaddr(cid, port), SOCKADDR_VM_BYTES), addressName(cid, port));
    checked('listen', native.listen(fd, BACKLOG), addressName(cid, port));
    return fd;
  });
}

/**
 * Connects to a port of another machine (or of this one, CID 1). The wait is the kernel's: 2 s at most.
 *
 * OWNERSHIP: the caller closes the descriptor, or gives it to `adoptStream`.
 */
export async function connectVsock(cid: number, port: number): Promise<number> {
  const fd = withSocket((socket) => {
    startConnect(socket, cid, port);
    return socket;
  });
  try {
    for (let waitMs = FIRST_CHECK_MS; !isWritable(fd); waitMs = Math.min(waitMs * 2, CHECK_MS)) await sleep(waitMs);
    const errno = pendingErrno(fd);
    if (errno !== 0) throw systemError('connect', errno, addressName(cid, port));
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The CID of the other end of a connection, as the kernel vouches for it. */
export function peerCid(fd: number): number {
  const address = Buffer.alloc(SOCKADDR_VM_BYTES);
  checked('getpeername', native.getpeername(fd, address, u32(SOCKADDR_VM_BYTES)));
  return address.readUInt32LE(CID_OFFSET);
}

function withSocket(use: (fd: number) => number): number {
  const fd = checked('socket', native.socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  try {
    // A connection that is accepted takes them over from the socket that listens.
    for (const option of [SO_VM_SOCKETS_BUFFER_MAX_SIZE, SO_VM_SOCKETS_BUFFER_SIZE])
      setOption(fd, option, BUFFER_BYTES);
    return use(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function setOption(fd: number, name: number, bytes: number): void {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(BigInt(bytes));
  checked('setsockopt', native.setsockopt(fd, AF_VSOCK, name, value, value.length));
}

function startConnect(fd: number, cid: number, port: number): void {
  const result = native.connect(fd, sockaddr(cid, port), SOCKADDR_VM_BYTES);
  if (result < 0 && lastErrno() !== EINPROGRESS) checked('connect', result, addressName(cid, port));
}

function isWritable(fd: number): boolean {
  // struct pollfd: 0 i32 fd · 4 i16 events · 6 i16 revents
  const pollfd = Buffer.alloc(8);
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(POLLOUT, 4);
  return checked('poll', native.poll(pollfd, 1, 0)) > 0;
}

function pendingErrno(fd: number): number {
  const value = u32(0);
  checked('getsockopt', native.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, u32(value.length)));
  return value.readUInt32LE(0);
}

function sockaddr(cid: number, port: number): Buffer {
  const address = Buffer.alloc(SOCKADDR_VM_BYTES);
  address.writeUInt16LE(AF_VSOCK, 0);
  address.writeUInt32LE(port, PORT_OFFSET);
  address.writeUInt32LE(cid, CID_OFFSET);
  return address;
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value, 0);
  return buffer;
}

function addressName(cid: number, port: number): string {
  return `vsock:${cid === VSOCK_CIDS.any ? '*' : cid}:${port}`;
}
