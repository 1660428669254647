import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** The memory of a process that is traced, by proc_pid_mem(5). */
export class RemoteMemory implements Disposable {
  readonly #fd: number;

  constructor(pid: number, tid: number) {
    this.#fd = openSync(`/proc/${pid}/task/${tid}/mem`, 'r+');
  }

  /** @returns less than asked for where what follows cannot be read */
  read(address: bigint, bytes: number): Buffer {
    const data = Buffer.alloc(bytes);
    try {
      return data.subarray(0, readSync(this.#fd, data, 0, bytes, address));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EIO') return data.subarray(0, 0);
      throw error;
    }
  }

  /** The address must be below 2^53, as those are that mmap(2) chooses by itself. */
  write(address: bigint, data: Buffer): void {
    const written = writeSync(this.#fd, data, 0, data.length, Number(address));
    if (written !== data.length)
      throw new RangeError(`Cannot write more than ${written} bytes at 0x${address.toString(16)}`);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
