import { loadKoffi } from './koffi.ts';
import { checked, libcFunction } from './libc.ts';

// asm-generic/socket.h, linux/socket.h
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/** struct msghdr: 0 u64 name · 8 u32 its bytes · 16 u64 iovec[] · 24 u64 their count · 32 u64 control · 40 u64 its bytes · 48 i32 flags */
export const MESSAGE_HEADER_BYTES = 56;
/** struct cmsghdr: 0 u64 bytes with this header · 8 i32 level · 12 i32 type · 16 the descriptors, i32 each */
const CONTROL_HEADER_BYTES = 16;
const IOVEC_BYTES = 16;
const FD_BYTES = 4;

const native = { sendmsg: libcFunction('int64_t sendmsg(int fd, void *message, int flags)') };

/** CMSG_SPACE of cmsg(3) for so many descriptors. */
export function controlBytes(count: number): number {
  return CONTROL_HEADER_BYTES + Math.ceil((count * FD_BYTES) / 8) * 8;
}

/** Descriptors of a control message of the first kind, SCM_RIGHTS. Nothing, where it is of another. */
export function descriptorsIn(control: Buffer): number[] {
  if (control.length < CONTROL_HEADER_BYTES || control.readInt32LE(8) !== SOL_SOCKET) return [];
  if (control.readInt32LE(12) !== SCM_RIGHTS) return [];
  const end = Math.min(Number(control.readBigUInt64LE(0)), control.length);
  const fds: number[] = [];
  for (let at = CONTROL_HEADER_BYTES; at + FD_BYTES <= end; at += FD_BYTES) fds.push(control.readInt32LE(at));
  return fds;
}

/**
 * Sends one byte with descriptors over a Unix socket, unix(7). Does not wait.
 *
 * OWNERSHIP: the caller keeps the descriptors; the other side gets its own.
 *
 * @throws a system error
 */
export function sendDescriptors(socket: number, fds: readonly number[]): void {
  const control = Buffer.alloc(controlBytes(fds.length));
  control.writeBigUInt64LE(BigInt(CONTROL_HEADER_BYTES + fds.length * FD_BYTES), 0);
  control.writeInt32LE(SOL_SOCKET, 8);
  control.writeInt32LE(SCM_RIGHTS, 12);
  for (const [index, fd] of fds.entries()) control.writeInt32LE(fd, CONTROL_HEADER_BYTES + index * FD_BYTES);
  const data = Buffer.alloc(1);
  const vector = Buffer.alloc(IOVEC_BYTES);
  const address = (buffer: Buffer) => loadKoffi().address(buffer);
  const header = messageHeader({ vector: address(vector), control: address(control), controlBytes: control.length });
  vector.writeBigUInt64LE(address(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  checked('sendmsg', native.sendmsg(socket, header, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/** Addresses that a message header names, in whatever process it is for. */
export interface MessageParts {
  /** Of one struct iovec. */
  readonly vector: bigint;
  readonly control: bigint;
  readonly controlBytes: number;
}

export function messageHeader({ vector, control, controlBytes }: MessageParts): Buffer {
  const header = Buffer.alloc(MESSAGE_HEADER_BYTES);
  header.writeBigUInt64LE(vector, 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(control, 32);
  header.writeBigUInt64LE(BigInt(controlBytes), 40);
  return header;
}
