import { closeSync, fstatSync, readlinkSync } from 'node:fs';

const BLOB = 1;
const EVENTFD = 6;
const FIRST_ID = 2;

/** What the host has received and the guest has not taken: files by numbers. */
export class Items implements Disposable {
  readonly #files = new Map<number, number>();
  #next = FIRST_ID;

  /** OWNERSHIP: takes the descriptor */
  add(fd: number): { readonly id: number; readonly type: number; readonly sizeBytes: number } {
    const id = this.#next;
    this.#next += 1;
    this.#files.set(id, fd);
    const isEventfd = readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:[eventfd]';
    const file = fstatSync(fd);
    return { id, type: isEventfd ? EVENTFD : BLOB, sizeBytes: file.isFile() ? file.size : 0 };
  }

  take(id: number): number {
    const fd = this.#files.get(id);
    if (fd === undefined) throw new Error(`The host has no item ${id}`);
    this.#files.delete(id);
    return fd;
  }

  [Symbol.dispose](): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }
}
