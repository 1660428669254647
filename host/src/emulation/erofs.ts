import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MuvmError, reasonOf } from '@muvm/errors';

// linux/magic.h and fs/erofs/erofs_fs.h: the superblock, its magic number, and the logarithm of the size of a block.
const SUPERBLOCK_OFFSET = 1024;
const MAGIC = 0xe0f5e1e2;
const BLOCK_BITS_OFFSET = SUPERBLOCK_OFFSET + 12;
const HEAD_BYTES = SUPERBLOCK_OFFSET + 128;

// "hsqs", fs/squashfs/squashfs_fs.h.
const SQUASHFS_MAGIC = 0x73717368;

/** The guest's kernel mounts no image whose blocks are larger than its pages. */
const BLOCK_BITS_MAX = 12;

const HINT = 'Make one from a directory: "mkfs.erofs -b4096 IMAGE DIRECTORY".';

/**
 * Looks whether the guest can mount an image.
 *
 * @returns the size of its blocks, in bytes @throws MuvmError USAGE that tells what it must be
 */
export function checkImage(path: string): number {
  const head = readHead(path);
  if (head.length < HEAD_BYTES || head.readUInt32LE(SUPERBLOCK_OFFSET) !== MAGIC) {
    const isSquashfs = head.length >= 4 && head.readUInt32LE(0) === SQUASHFS_MAGIC;
    throw refused(path, `it must be an EROFS file system${isSquashfs ? ', and is a SquashFS' : ''}`);
  }
  const bits = head.readUInt8(BLOCK_BITS_OFFSET);
  if (bits <= BLOCK_BITS_MAX) return 2 ** bits;
  throw refused(
    path,
    `its blocks must have at most ${2 ** BLOCK_BITS_MAX} bytes, as the guest's pages have, and have ${2 ** bits}`,
  );
}

function readHead(path: string): Buffer {
  try {
    const fd = openSync(path, 'r');
    try {
      if (!fstatSync(fd).isFile()) throw refused(path, 'it must be a file');
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof MuvmError) throw error;
    throw new MuvmError('USAGE', `Cannot read the image ${JSON.stringify(path)}: ${reasonOf(error)}`, {
      hint: 'Name an image that is there with --fex-image (-f).',
      cause: error,
    });
  }
}

function refused(path: string, reason: string): MuvmError {
  return new MuvmError('USAGE', `Cannot use the image ${JSON.stringify(path)} as ${reason}`, { hint: HINT });
}
