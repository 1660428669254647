import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { systemError } from '../libc.ts';
import { mapShared, type SharedMemory } from '../shared-memory.ts';
import { enterRing, isOpcodeSupported, registerEventFd, setUpRing } from './system-calls.ts';

/** enum io_uring_op of linux/io_uring.h. */
export const OPCODES = { asyncCancel: 14, futexWait: 51 } as const;

/** IOSQE_… of linux/io_uring.h. */
export const SUBMISSION_FLAGS = { skipSuccess: 1 << 6 } as const;

// linux/io_uring.h. The last came with Linux 6.6, the waits for futexes with 6.7.
const IORING_SETUP_CQSIZE = 1 << 3;
const IORING_SETUP_SUBMIT_ALL = 1 << 7;
const IORING_SETUP_SINGLE_ISSUER = 1 << 12;
const IORING_SETUP_DEFER_TASKRUN = 1 << 13;
const IORING_SETUP_NO_SQARRAY = 1 << 16;
// Deferred: a completion waits for this thread to come for it, instead of interrupting whatever the thread waits in.
const SETUP_FLAGS =
  IORING_SETUP_CQSIZE |
  IORING_SETUP_SUBMIT_ALL |
  IORING_SETUP_SINGLE_ISSUER |
  IORING_SETUP_DEFER_TASKRUN |
  IORING_SETUP_NO_SQARRAY;
const IORING_OFF_SQES = 0x1000_0000;

/**
 * struct io_uring_params: 0 u32 submissions · 4 u32 completions · 8 u32 flags · 40 io_sqring_offsets · 80 io_cqring_offsets,
 * each 0 u32 head · 4 u32 tail, of completions also 20 u32 where they begin
 */
const PARAMS_BYTES = 120;
const SQ_OFFSETS = 40;
const CQ_OFFSETS = 80;

/** struct io_uring_sqe is 16 words, struct io_uring_cqe 4: 0 u64 user data · 8 i32 result · 12 u32 flags */
const SUBMISSION_WORDS = 16;
const COMPLETION_WORDS = 4;
const WORD_BYTES = 4;

const LATER_ERRNOS: readonly number[] = [constants.errno.EINTR, constants.errno.EAGAIN, constants.errno.EBUSY];

/** A request. Each of `tag` is 32 bits that its completion brings back. Numbers of 32 bits may be negative. */
export interface Submission {
  readonly opcode: number;
  readonly flags?: number;
  readonly fd: number;
  /** `addr` of struct io_uring_sqe: low and high half. */
  readonly address: readonly [number, number];
  /** The low halves of `addr2` and `addr3`. */
  readonly value?: number;
  readonly mask?: number;
  readonly tag: readonly [number, number];
}

export interface Completion {
  readonly tag: readonly [number, number];
  /** Negative: an errno. */
  readonly result: number;
}

/** Where things lie in the memory of the rings, in words. */
type Places = Readonly<Record<'sqHead' | 'sqTail' | 'cqHead' | 'cqTail' | 'completions', number>>;

function placesOf(params: Buffer): Places {
  const word = (offset: number) => params.readUInt32LE(offset) / WORD_BYTES;
  return {
    sqHead: word(SQ_OFFSETS),
    sqTail: word(SQ_OFFSETS + 4),
    cqHead: word(CQ_OFFSETS),
    cqTail: word(CQ_OFFSETS + 4),
    completions: word(CQ_OFFSETS + 20),
  };
}

/** A ring for one thread, that of its first call. OWNERSHIP: disposal ends what was requested, and closes it. */
export class Ring implements Disposable {
  readonly #fd: number;
  readonly #rings: SharedMemory;
  readonly #submissions: SharedMemory;
  readonly #submissionCount: number;
  readonly #completionCount: number;
  readonly #at: Places;

  /** Numbers are powers of 2. More completions than fit wait in the kernel. @throws a system error where it may not or cannot */
  constructor(submissions: number, completions: number) {
    const params = Buffer.alloc(PARAMS_BYTES);
    params.writeUInt32LE(completions, 4);
    params.writeUInt32LE(SETUP_FLAGS, 8);
    this.#fd = setUpRing(submissions, params);
    this.#submissionCount = params.readUInt32LE(0);
    this.#completionCount = params.readUInt32LE(4);
    this.#at = placesOf(params);
    const ringWords = this.#at.completions + this.#completionCount * COMPLETION_WORDS;
    try {
      this.#rings = mapShared(this.#fd, ringWords * WORD_BYTES);
      this.#submissions = mapShared(this.#fd, this.#submissionCount * SUBMISSION_WORDS * WORD_BYTES, IORING_OFF_SQES);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  isSupported(opcode: number): boolean {
    return isOpcodeSupported(this.#fd, opcode);
  }

  /** From now on `eventFd` is signalled whenever {@link enter} or {@link takeCompletions} may find something. */
  signalTo(eventFd: number): void {
    registerEventFd(this.#fd, eventFd);
  }

  /** Requests that {@link enter} has not handed over. */
  get waiting(): number {
    const { words } = this.#rings;
    return (Atomics.load(words, this.#at.sqTail) - Atomics.load(words, this.#at.sqHead)) | 0;
  }

  /** Prepares a request; {@link enter} hands it over. @throws a system error where too many wait and the kernel takes none */
  push({ opcode, flags = 0, fd, address, value = 0, mask = 0, tag }: Submission): void {
    if (this.waiting >= this.#submissionCount) this.enter();
    if (this.waiting >= this.#submissionCount) throw systemError('io_uring_enter', constants.errno.EAGAIN);
    const tail = Atomics.load(this.#rings.words, this.#at.sqTail);
    const entry = [opcode | (flags << 8), fd, value, 0, ...address, 0, 0, ...tag, 0, 0, mask, 0, 0, 0];
    this.#submissions.words.set(entry, (tail & (this.#submissionCount - 1)) * SUBMISSION_WORDS);
    Atomics.store(this.#rings.words, this.#at.sqTail, (tail + 1) | 0);
  }

  /** Hands over what was pushed. What the kernel cannot take now stays for the next time. @throws a system error */
  enter(): void {
    const errno = enterRing(this.#fd, this.waiting);
    if (errno !== 0 && !LATER_ERRNOS.includes(errno)) throw systemError('io_uring_enter', errno);
  }

  /** The completions that are there, oldest first. */
  takeCompletions(): Completion[] {
    const { words } = this.#rings;
    const taken: Completion[] = [];
    const tail = Atomics.load(words, this.#at.cqTail);
    let head = Atomics.load(words, this.#at.cqHead);
    for (; head !== tail; head = (head + 1) | 0) {
      const at = this.#at.completions + (head & (this.#completionCount - 1)) * COMPLETION_WORDS;
      taken.push({ tag: [words[at] as number, words[at + 1] as number], result: words[at + 2] as number });
    }
    Atomics.store(words, this.#at.cqHead, head);
    return taken;
  }

  [Symbol.dispose](): void {
    this.#submissions[Symbol.dispose]();
    this.#rings[Symbol.dispose]();
    closeSync(this.#fd);
  }
}
