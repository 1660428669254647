import type { Engine, EngineKind } from '../engine.ts';
import type { Policy } from '../expectation.ts';
import type { Random, Step } from '../replay.ts';
import type { Side } from '../trace.ts';
import { HonestServer } from './honest-server.ts';

/** One connection with all that both sides say. */
export interface Ordeal {
  readonly policy: Policy;
  readonly steps: readonly Step[];
  /** Whether the server is one that answers what reaches it; else it says what stands in the steps. */
  readonly isHonest: boolean;
}

/** What became of it. */
export interface Outcome {
  readonly given: Record<Side, Buffer>;
  readonly passed: Record<Side, Buffer>;
  /** Of the side whose bytes were at fault; nothing is to pass from it after that. */
  readonly error: { readonly from: Side; readonly cause: unknown } | undefined;
  readonly heldBytesMax: number;
  readonly heldBytes: number;
  readonly chunks: number;
  readonly problem: string | undefined;
}

type Lists = Record<Side, Buffer[]>;

/** The engine's side of an ordeal, in pieces of a random size. */
class Course {
  readonly given: Lists = { client: [], server: [] };
  readonly passed: Lists = { client: [], server: [] };
  error: Outcome['error'];
  heldBytesMax = 0;
  chunks = 0;
  readonly engine: Engine;
  readonly #random: Random;
  readonly #bytesMax: number;

  constructor(engine: Engine, random: Random) {
    this.engine = engine;
    this.#random = random;
    this.#bytesMax = [1, 5, 40, 700, 70_000][random(5)] as number;
  }

  /** @returns what passed */
  take({ from, bytes }: Step): Buffer {
    const passed: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + this.#random(this.#bytesMax);
      passed.push(this.#feed(from, bytes.subarray(at, end)));
      at = end;
    }
    return Buffer.concat(passed);
  }

  #feed(from: Side, piece: Buffer): Buffer {
    this.chunks += 1;
    this.given[from].push(piece);
    try {
      const chunk = Buffer.from(piece);
      const out = from === 'client' ? this.engine.request(chunk) : this.engine.reply(chunk);
      // A copy, as it is written at once: what the engine does with its buffers later must not matter.
      const bytes = Buffer.concat(Buffer.isBuffer(out) ? [out] : out);
      this.passed[from].push(bytes);
      return bytes;
    } catch (cause) {
      this.error ??= { from, cause };
      return Buffer.alloc(0);
    } finally {
      this.heldBytesMax = Math.max(this.heldBytesMax, this.engine.heldBytes);
    }
  }
}

/** @param random where it is cut; the same ordeal may be gone through with other cuts */
export function goThrough(
  { policy, steps, isHonest }: Ordeal,
  kind: EngineKind,
  seed: number,
  makeRandom: (seed: number) => Random,
): Outcome {
  const course = new Course(kind.make(policy), makeRandom(seed));
  const server = new HonestServer(policy, makeRandom(1));
  for (const step of steps) {
    const passed = course.take(step);
    if (step.from === 'client') {
      const answer = server.hear(passed);
      if (isHonest && answer.length > 0) course.take({ from: 'server', bytes: answer });
    }
  }
  const whole = (lists: Lists) => ({ client: Buffer.concat(lists.client), server: Buffer.concat(lists.server) });
  return {
    given: whole(course.given),
    passed: whole(course.passed),
    error: course.error,
    heldBytesMax: course.heldBytesMax,
    heldBytes: course.engine.heldBytes,
    chunks: course.chunks,
    problem: server.problem,
  };
}
