import { checked, libcFunction } from './libc.ts';

// asm-generic/socket.h
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** struct ucred of linux/socket.h: 0 i32 pid · 4 u32 uid · 8 u32 gid */
const UCRED_BYTES = 12;

const native = {
  getsockopt: libcFunction('int getsockopt(int fd, int level, int name, void *value, void *length)'),
};

/** Who is at the other end of a Unix socket. */
export interface PeerCredentials {
  /** As seen from here; 0 if it is not seen from here. It may have ended, and the number be another's since. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** Who has connected or listened at the other end, as the kernel vouches for it, unix(7). @throws a system error */
export function peerCredentials(fd: number): PeerCredentials {
  const value = Buffer.alloc(UCRED_BYTES);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(UCRED_BYTES, 0);
  checked('getsockopt', native.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, length));
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) };
}
