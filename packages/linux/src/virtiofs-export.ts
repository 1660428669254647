import { ioctl, ioctlNumber } from './ioctl.ts';

/** Answered with 0 u64 file system · 8 u64 handle. An ioctl of libkrun's virtiofs device. */
const ANSWER_BYTES = 16;
const EXPORT_FD = { name: 'VIRTIO_FS_IOC_EXPORT_FD', number: ioctlNumber('read', 'v', 1, ANSWER_BYTES) };

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
  ioctl(fd, EXPORT_FD, answer);
  return { fsId: answer.readBigUInt64LE(0), handle: answer.readBigUInt64LE(8) };
}
