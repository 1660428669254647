import { closeSync, readSync, writeSync } from 'node:fs';
import {
  createFutexWatcher,
  createPipe,
  duplicateDescriptor,
  EPOLL_EVENTS,
  Epoll,
  type ExportedFile,
  FUTEX_EVERYONE,
  FUTEX_MASKS,
  futexWake,
  mapShared,
  type SharedMemory,
} from '@muvm/linux';
import { createFile } from './blobs.ts';

const PAGE_BYTES = 4096;
const FS_ID = 1n;

// As the table of the VMM that its file systems and its GPU share.
const exported = new Map<bigint, number>();
let handles = 0n;

/** Stands for the ioctl of virtiofs. */
export function exportFile(fd: number): ExportedFile {
  handles += 1n;
  exported.set(handles, duplicateDescriptor(fd));
  return { fsId: FS_ID, handle: handles };
}

interface HostFutex {
  /** What the server of the host gets. */
  readonly fd: number;
  readonly host: SharedMemory;
  readonly guest: SharedMemory;
}

/**
 * The futexes that the host watches for a guest. Apart, the host has another file than the guest, so that nothing crosses
 * but by the commands: the words are copied as a signal passes, as if they were one.
 */
export class HostFutexes implements Disposable {
  readonly #isApart: boolean;
  readonly #futexes = new Map<number, HostFutex>();
  readonly #watcher = createFutexWatcher();
  readonly #epoll = new Epoll();
  readonly #bell = createPipe();
  #woken: number[] = [];

  constructor(isApart: boolean) {
    this.#isApart = isApart;
    this.#epoll.add(this.#watcher.fd, EPOLL_EVENTS.in);
    this.#epoll.add(this.#bell.readEnd, EPOLL_EVENTS.in);
  }

  get fd(): number {
    return this.#epoll.fd;
  }

  add({ handle }: ExportedFile, id: number): void {
    const file = exported.get(handle);
    // Which the VMM tells nobody.
    if (file === undefined || this.#futexes.has(id)) return;
    exported.delete(handle);
    const fd = this.#isApart ? createFile(PAGE_BYTES) : duplicateDescriptor(file);
    const futex = { fd, host: mapShared(fd, PAGE_BYTES), guest: mapShared(file, PAGE_BYTES) };
    closeSync(file);
    copyWord(futex.guest, futex.host);
    this.#futexes.set(id, futex);
    this.#watcher.watch(id, futex.host);
  }

  fileOf(id: number): number | undefined {
    return this.#futexes.get(id)?.fd;
  }

  /** Somebody in the guest woke. */
  signal(id: number): void {
    const futex = this.#futexes.get(id);
    if (!futex) return;
    if (this.#isApart) copyWord(futex.guest, futex.host);
    futexWake(futex.host.address, FUTEX_EVERYONE, FUTEX_MASKS.relay);
  }

  /** As the VMM does it: the word is changed, so that whoever looks at it at this moment does not wait. */
  destroy(id: number): void {
    const futex = this.#futexes.get(id);
    if (!futex) return;
    this.#futexes.delete(id);
    this.#watcher.unwatch(id);
    Atomics.store(futex.host.words, 0, ~Atomics.load(futex.host.words, 0));
    futexWake(futex.host.address, FUTEX_EVERYONE, FUTEX_MASKS.program);
    release(futex);
  }

  /** A futex that somebody on the host has woken; one at a time. */
  take(): number | undefined {
    if (this.#futexes.size === 0) return undefined;
    const news = this.#watcher.take().filter((id) => !this.#woken.includes(id));
    for (const id of news) {
      const futex = this.#futexes.get(id);
      if (futex && this.#isApart) copyWord(futex.host, futex.guest);
      writeSync(this.#bell.writeEnd, 'x');
    }
    this.#woken.push(...news);
    if (this.#woken.length > 0) readSync(this.#bell.readEnd, Buffer.alloc(1));
    return this.#woken.shift();
  }

  get size(): number {
    return this.#futexes.size;
  }

  [Symbol.dispose](): void {
    this.#epoll[Symbol.dispose]();
    this.#watcher[Symbol.dispose]();
    for (const futex of this.#futexes.values()) release(futex);
    this.#futexes.clear();
    closeSync(this.#bell.readEnd);
    closeSync(this.#bell.writeEnd);
  }
}

function copyWord(from: SharedMemory, to: SharedMemory): void {
  Atomics.store(to.words, 0, Atomics.load(from.words, 0));
}

function release({ fd, host, guest }: HostFutex): void {
  host[Symbol.dispose]();
  guest[Symbol.dispose]();
  closeSync(fd);
}
