import { closeSync, fstatSync, ftruncateSync, openSync, readlinkSync, unlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { duplicateDescriptor, mapShared, type SharedMemory, systemError } from '@muvm/linux';
import type { Blob, BlobOptions } from '@muvm/virtgpu';

interface Entry {
  readonly fd: number;
  readonly resourceId: number;
  readonly sizeBytes: number;
  readonly identity: string;
  readonly isImported: boolean;
}

// Of the whole machine, as the kernel counts them.
let resources = 0;
let files = 0;

/** The memory objects of one context. Files in the host's /dev/shm stand for them; a dma-buf is a descriptor of one. */
export class Blobs implements Disposable {
  readonly #entries = new Map<number, Entry>();
  readonly #takeItem: (blobId: number) => number;
  #handles = 0;

  /** @param takeItem what the host offers under a number, once. OWNERSHIP: given away. Throws where there is nothing */
  constructor(takeItem: (blobId: number) => number) {
    this.#takeItem = takeItem;
  }

  create({ memory, sizeBytes, blobId }: BlobOptions): Blob {
    const fd = memory === 'guest' ? createFile(sizeBytes) : this.#takeItem(Number(blobId));
    return this.#add(fd, sizeBytes, false);
  }

  map(handle: number, bytes: number): SharedMemory {
    return mapShared(this.get(handle).fd, bytes);
  }

  export(handle: number): number {
    return duplicateDescriptor(this.get(handle).fd);
  }

  /** The same object has the same handle. */
  import(fd: number): number {
    const identity = identityOf(fd);
    if (!isBuffer(fd)) throw systemError('PRIME_FD_TO_HANDLE', constants.errno.EINVAL);
    for (const [handle, entry] of this.#entries) if (entry.identity === identity) return handle;
    return this.#add(duplicateDescriptor(fd), fstatSync(fd).size, true).handle;
  }

  close(handle: number): void {
    closeSync(this.get(handle).fd);
    this.#entries.delete(handle);
  }

  get(handle: number): Entry {
    const entry = this.#entries.get(handle);
    if (!entry) throw systemError('GEM', constants.errno.EINVAL);
    return entry;
  }

  /** What a message of the guest means by the number of a resource that has a host handle. */
  byResource(resourceId: number): Entry | undefined {
    return [...this.#entries.values()].find((entry) => entry.resourceId === resourceId && entry.isImported);
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  #add(fd: number, sizeBytes: number, isImported: boolean): Blob {
    const blob = { handle: ++this.#handles, resourceId: ++resources };
    this.#entries.set(blob.handle, {
      fd,
      sizeBytes,
      isImported,
      resourceId: blob.resourceId,
      identity: identityOf(fd),
    });
    return blob;
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#entries.values()) closeSync(fd);
    this.#entries.clear();
  }
}

function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd);
  return `${dev}:${ino}`;
}

/** Memory in a file, as a dma-buf is; nothing that the disk has. */
function isBuffer(fd: number): boolean {
  return /^(\/memfd:|\/dev\/shm\/)/.test(readlinkSync(`/proc/self/fd/${fd}`));
}

/** Memory without a name. OWNERSHIP: the caller closes it */
export function createFile(sizeBytes: number): number {
  const path = `/dev/shm/muvm-stand-in-${process.pid}-${++files}`;
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  ftruncateSync(fd, sizeBytes);
  return fd;
}
