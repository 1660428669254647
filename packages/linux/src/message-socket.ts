import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { loadKoffi } from './koffi.ts';
import { checked, lastErrno, libcFunction, systemError } from './libc.ts';
import { descriptorsIn } from './send-descriptors.ts';

// linux/socket.h
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_CTRUNC = 0x08;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x4000_0000;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** What the kernel takes with one message: SCM_MAX_FD of net/scm.h. */
export const MESSAGE_DESCRIPTORS_MAX = 253;

/** struct msghdr: 0 name · 8 u32 its length · 16 iov · 24 their count · 32 control · 40 its length · 48 i32 flags. */
const MSGHDR = { bytes: 56, iov: 16, iovCount: 24, control: 32, controlBytes: 40, flags: 48 } as const;

/** struct cmsghdr: 0 u64 length · 8 i32 level · 12 i32 type · 16 data. */
const CMSGHDR = { bytes: 16, level: 8, type: 12 } as const;
const CONTROL_BYTES_MAX = CMSGHDR.bytes + 4 * MESSAGE_DESCRIPTORS_MAX + 4;

const native = {
  recvmsg: libcFunction('int64_t recvmsg(int fd, void *message, int flags)'),
  sendmsg: libcFunction('int64_t sendmsg(int fd, void *message, int flags)'),
  accept4: libcFunction('int accept4(int fd, void *address, void *length, int flags)'),
};

// One message at a time, as the calls never wait: the structures point to each other once and for all.
let shared: ReturnType<typeof createStructures> | undefined;

function createStructures() {
  const { address } = loadKoffi();
  const structures = {
    header: Buffer.alloc(MSGHDR.bytes),
    iov: Buffer.alloc(16),
    control: Buffer.alloc(CONTROL_BYTES_MAX),
  };
  structures.header.writeBigUInt64LE(address(structures.iov), MSGHDR.iov);
  structures.header.writeBigUInt64LE(1n, MSGHDR.iovCount);
  return structures;
}

function prepare(bytes: Buffer, controlBytes: number) {
  shared ??= createStructures();
  const { header, iov, control } = shared;
  iov.writeBigUInt64LE(loadKoffi().address(bytes), 0);
  iov.writeBigUInt64LE(BigInt(bytes.length), 8);
  header.writeBigUInt64LE(controlBytes === 0 ? 0n : loadKoffi().address(control), MSGHDR.control);
  header.writeBigUInt64LE(BigInt(controlBytes), MSGHDR.controlBytes);
  header.writeInt32LE(0, MSGHDR.flags);
  return shared;
}

/** What one call gave. */
export interface ReceivedMessage {
  /** 0: the other end has closed. */
  readonly length: number;
  /** Close-on-exec. OWNERSHIP: the caller closes them */
  readonly descriptors: readonly number[];
}

/**
 * recvmsg(2) on a stream socket, with the descriptors that come with its bytes.
 *
 * @param bytes where they are put
 * @returns undefined where nothing is there @throws a system error; EMSGSIZE where descriptors were lost on the way
 */
export function receiveMessage(fd: number, bytes: Buffer): ReceivedMessage | undefined {
  const { header, control } = prepare(bytes, CONTROL_BYTES_MAX);
  const length = native.recvmsg(fd, header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (length < 0 && isAgain()) return undefined;
  checked('recvmsg', length);
  const descriptors = descriptorsIn(control.subarray(0, Number(header.readBigUInt64LE(MSGHDR.controlBytes))));
  if ((header.readInt32LE(MSGHDR.flags) & MSG_CTRUNC) === 0) return { length, descriptors };
  for (const each of descriptors) closeSync(each);
  throw systemError('recvmsg', constants.errno.EMSGSIZE);
}

/**
 * sendmsg(2) on a stream socket, with descriptors that go with the first byte.
 *
 * @param descriptors MESSAGE_DESCRIPTORS_MAX at most
 * @returns how many bytes were taken, 0 where none can be now @throws a system error
 */
export function sendMessage(fd: number, bytes: Buffer, descriptors: readonly number[] = []): number {
  const dataBytes = CMSGHDR.bytes + 4 * descriptors.length;
  const { header, control } = prepare(bytes, descriptors.length === 0 ? 0 : (dataBytes + 7) & ~7);
  control.writeBigUInt64LE(BigInt(dataBytes), 0);
  control.writeInt32LE(SOL_SOCKET, CMSGHDR.level);
  control.writeInt32LE(SCM_RIGHTS, CMSGHDR.type);
  for (const [index, each] of descriptors.entries()) control.writeInt32LE(each, CMSGHDR.bytes + 4 * index);
  const length = native.sendmsg(fd, header, MSG_DONTWAIT | MSG_NOSIGNAL);
  return length < 0 && isAgain() ? 0 : checked('sendmsg', length);
}

/** accept4(2) on a socket that does not wait. @returns undefined where nobody is there any more. OWNERSHIP: the caller closes it */
export function acceptConnection(listener: number): number | undefined {
  const fd = native.accept4(listener, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const { EAGAIN, ECONNABORTED, EINTR } = constants.errno;
  if (fd < 0 && [EAGAIN, ECONNABORTED, EINTR].includes(lastErrno())) return undefined;
  return checked('accept4', fd);
}

function isAgain(): boolean {
  const { EAGAIN, EINTR } = constants.errno;
  return [EAGAIN, EINTR].includes(lastErrno());
}
