import { closeSync, ftruncateSync } from 'node:fs';
import { checked, libcFunction } from '../libc.ts';
import { mapShared, type SharedMemory } from '../shared-memory.ts';
import { FUTEXES_MAX } from './watcher.ts';

// linux/memfd.h
const MFD_CLOEXEC = 1;
// linux/uio.h: UIO_MAXIOV
const VECTORS_MAX = 1024;
/** struct iovec: 0 u64 address · 8 u64 length */
const VECTOR_BYTES = 16;
const WORD_BYTES = 4;

const native = {
  memfd: libcFunction('int memfd_create(const char *name, unsigned int flags)'),
  pwritev: libcFunction('int64_t pwritev(int fd, void *vectors, int count, int64_t offset)'),
};

/**
 * Reads words out of memory that another program can take away by making its file shorter. A load would end this process by
 * SIGBUS there; the kernel, told to write the word to a file, fails with EFAULT. It copies them for the price of one call.
 * A word that changes meanwhile may be read as a mixture of both values, so what is read can only say "look again".
 */
export class WordReader implements Disposable {
  /** What {@link read} has read, by place. */
  readonly values: Int32Array;
  // Memory of both is used page by page, as places are.
  readonly #vectors = Buffer.alloc(FUTEXES_MAX * VECTOR_BYTES);
  readonly #fd: number;
  readonly #copies: SharedMemory;

  constructor() {
    this.#fd = checked('memfd_create', native.memfd('muvm-words', MFD_CLOEXEC));
    ftruncateSync(this.#fd, FUTEXES_MAX * WORD_BYTES);
    this.#copies = mapShared(this.#fd, FUTEXES_MAX * WORD_BYTES);
    this.values = this.#copies.words;
  }

  /** What is read to a place. */
  setAddress(place: number, address: bigint): void {
    this.#vectors.writeBigUInt64LE(address, place * VECTOR_BYTES);
    this.#vectors.writeBigUInt64LE(BigInt(WORD_BYTES), place * VECTOR_BYTES + 8);
  }

  /** Reads the first `count` places. @returns those whose memory is gone; their values are as before */
  read(count: number): number[] {
    const gone: number[] = [];
    for (let place = 0; place < count; ) {
      const words = this.#readFrom(place, Math.min(VECTORS_MAX, count - place));
      if (words === 0) gone.push(place);
      place += Math.max(1, words);
    }
    return gone;
  }

  #readFrom(place: number, count: number): number {
    const bytes = native.pwritev(this.#fd, this.#vectors.subarray(place * VECTOR_BYTES), count, place * WORD_BYTES);
    return Math.max(0, Math.floor(bytes / WORD_BYTES));
  }

  [Symbol.dispose](): void {
    this.#copies[Symbol.dispose]();
    closeSync(this.#fd);
  }
}
