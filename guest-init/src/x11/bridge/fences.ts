import { closeSync } from 'node:fs';
import { MuvmError, toMuvmError } from '@muvm/errors';
import { type ExportedFile, FUTEX_EVERYONE, FUTEX_MASKS, futexWake, type SharedMemory } from '@muvm/linux';
import { IDENTIFIER_TYPES, type Identifier } from '@muvm/virtgpu';
import type { ClientFences } from './client-fences.ts';
import { isSharedFile, mapFence } from './fence-file.ts';
import type { FenceWatch } from './fence-watch.ts';
import type { Reactor } from './reactor.ts';

/** Fences of one client at a time. Programs have one for each buffer of each window: some dozens. */
export const FENCES_MAX = 1024;

/** Files of fences that are gone, which the host may not have taken yet: it does so in the order of what it is sent. */
const UNTAKEN_MAX = 64;

/** The host's side of futexes, as `CrossDomainChannel` has it. */
export interface FenceChannel {
  newFutex(file: ExportedFile, id: number): void;
  signalFutex(id: number): void;
  destroyFutex(id: number): void;
}

export interface FenceParts {
  /** One for all clients. */
  readonly watch: FenceWatch;
  /** OWNERSHIP: the caller's, who ends the fences first. */
  readonly channel: FenceChannel;
  /** Offers an open file to the host: `exportVirtiofsFile`. @throws a system error */
  readonly exportFile: (fd: number) => ExportedFile;
  /**
   * Puts a file that can be shared in the place of a fence's that cannot, in the client too. OWNERSHIP: takes nothing; the
   * caller closes what is returned. If left out, such a fence is refused. @throws {MuvmError}
   */
  readonly replaceFile?: (fd: number) => number;
}

interface Fence {
  readonly word: SharedMemory;
  /** The host has its file: it has said something of it. */
  isTaken: boolean;
}

/**
 * The fences of one client: words that it, the server of the host and we have mapped. Both see the same value at once; that
 * somebody was woken is passed on here, each way. We never store to a word.
 */
export class Fences implements ClientFences {
  readonly #parts: FenceParts;
  readonly #fences = new Map<number, Fence>();
  /** By the client's number. Several, where a client gives a number again that is in use: the server keeps the first. */
  readonly #ids = new Map<number, number[]>();
  readonly #untaken = new Map<number, Fence>();
  #guard = (use: () => void): void => use();

  constructor(parts: FenceParts) {
    this.#parts = parts;
  }

  watchIn(reactor: Reactor, guard: (use: () => void) => void): void {
    this.#guard = guard;
    this.#parts.watch.watchIn(reactor);
  }

  traffic(): void {
    if (this.#fences.size > 0) this.#parts.watch.traffic();
  }

  import(fence: number, fd: number): Identifier {
    try {
      if (this.#fences.size >= FENCES_MAX) {
        throw new MuvmError('PROTOCOL', `Cannot share another fence as an X11 client may have at most ${FENCES_MAX}`);
      }
      const { replaceFile } = this.#parts;
      const id = replaceFile && !isSharedFile(fd) ? this.#replace(replaceFile(fd)) : this.#share(fd);
      this.#ids.set(fence, [...(this.#ids.get(fence) ?? []), id]);
      return { id, type: IDENTIFIER_TYPES.sharedMemory };
    } finally {
      closeSync(fd);
    }
  }

  destroy(fence: number): void {
    const ids = this.#ids.get(fence) ?? [];
    this.#ids.delete(fence);
    for (const id of ids) this.#end(id);
  }

  signalled(id: number): void {
    this.#release(id);
    const fence = this.#fences.get(id);
    if (!fence) return;
    fence.isTaken = true;
    this.#parts.watch.signalled(id);
    futexWake(fence.word.address, FUTEX_EVERYONE, FUTEX_MASKS.relay);
  }

  /** A program of this machine woke who waits for a fence. */
  woken(id: number): void {
    if (this.#fences.has(id)) this.#parts.channel.signalFutex(id);
  }

  #replace(file: number): number {
    try {
      return this.#share(file);
    } finally {
      closeSync(file);
    }
  }

  #share(fd: number): number {
    const word = mapFence(fd);
    const { id, file } = this.#watch(word, fd);
    this.#fences.set(id, { word, isTaken: false });
    this.#parts.channel.newFutex(file, id);
    return id;
  }

  #watch(word: SharedMemory, fd: number): { readonly id: number; readonly file: ExportedFile } {
    const { watch, exportFile } = this.#parts;
    try {
      const file = exportFile(fd);
      const id: number = watch.add(word, () => this.#guard(() => this.woken(id)));
      return { id, file };
    } catch (error) {
      word[Symbol.dispose]();
      throw toMuvmError(error, 'SYSTEM', 'Cannot share a fence with the host');
    }
  }

  #end(id: number): void {
    const { watch, channel } = this.#parts;
    const fence = this.#fences.get(id) as Fence;
    watch.delete(id);
    this.#fences.delete(id);
    // The mapping keeps the file open, without which the host could not take it any more.
    this.#untaken.set(id, fence);
    channel.destroyFutex(id);
    if (fence.isTaken) this.#release(id);
    const [oldest] = this.#untaken.keys();
    if (this.#untaken.size > UNTAKEN_MAX) this.#release(oldest as number);
  }

  #release(id: number): void {
    this.#untaken.get(id)?.word[Symbol.dispose]();
    this.#untaken.delete(id);
  }

  /** The futexes of the host end with the channel. */
  [Symbol.dispose](): void {
    for (const id of this.#fences.keys()) this.#parts.watch.delete(id);
    for (const { word } of [...this.#fences.values(), ...this.#untaken.values()]) word[Symbol.dispose]();
    this.#fences.clear();
    this.#untaken.clear();
    this.#ids.clear();
  }
}
