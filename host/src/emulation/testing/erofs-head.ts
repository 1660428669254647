/** The beginning of an EROFS image, up to the end of its superblock: fs/erofs/erofs_fs.h. @param blockBits logarithm of the size of a block */
export function erofsHead(blockBits: number): Buffer {
  const head = Buffer.alloc(1024 + 128);
  head.writeUInt32LE(0xe0f5e1e2, 1024);
  head.writeUInt8(blockBits, 1024 + 12);
  return head;
}
