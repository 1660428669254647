import { checked, libcFunction } from './libc.ts';

/** _IOR('v', 1, 16): answered with 0 u64 file system · 8 u64 handle. Of libkrun's virtiofs device. */
const VIRTIOFS_EXPORT_FD = 0x8010_7601;
const ANSWER_BYTES = 16;

const native = {
  ioctl: libcFunction('int ioctl(int fd, unsigned long request, void *argument)'),
};

/** By what the VMM finds an open file of the guest again, of a file system that it shares. */
export interface ExportedFile {
  readonly fsId: bigint;
  readonly handle: bigint;
}

/**
 * Asks the VMM to offer an open file of its virtiofs to the other devices of the machine. It holds as long as the file is
 * open or mapped here, or until one of them has taken it.
 *
 * @throws a system error: ENOTTY for a file of another file system, EOPNOTSUPP from a VMM without a GPU
 */
export function exportVirtiofsFile(fd: number): ExportedFile {
  const answer = Buffer.alloc(ANSWER_BYTES);
  checked('ioctl', native.ioctl(fd, VIRTIOFS_EXPORT_FD, answer));
  return { fsId: answer.readBigUInt64LE(0), handle: answer.readBigUInt64LE(8) };
}
