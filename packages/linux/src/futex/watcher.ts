import type { SharedMemory } from '../shared-memory.ts';

/** Words that one watcher takes. Each is also a mapping, of which a process has at most 65,530 by default. */
export const FUTEXES_MAX = 16_384;

/** Learns what programs of this machine do with futexes. For one thread, and none of its calls waits. */
export interface FutexWatcher extends Disposable {
  readonly kind: 'io_uring' | 'timer';
  /** For epoll: readable when {@link take} may have something to tell. */
  readonly fd: number;
  /**
   * From here on every wake of the first word of `word` is seen that reaches {@link FUTEX_MASKS}`.watcher`, and every change
   * that was made since the last look. With a timer: every change that is still there at the next tick, and no wake without.
   *
   * @param id 32 bits, not in use
   * @throws RangeError if the id is in use, or the watcher full
   */
  watch(id: number, word: SharedMemory): void;
  /** The memory may be unmapped once this returns. Unknown ids are ignored. */
  unwatch(id: number): void;
  /**
   * The ids of words that were woken or changed since, each once. A word may be told that neither happened to. One whose file
   * has become too short for it is told no more.
   */
  take(): number[];
}

/** @throws RangeError */
export function checkNewId(id: number, words: ReadonlyMap<number, unknown>): void {
  if (words.has(id)) throw new RangeError(`Cannot watch word ${id} as it is watched already`);
  if (words.size >= FUTEXES_MAX) throw new RangeError(`Cannot watch word ${id} as there may be at most ${FUTEXES_MAX}`);
}
