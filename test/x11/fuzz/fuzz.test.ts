/**
 * What the engine does with traffic that is wrong: recorded conversations with changes, and invented clients with an honest
 * server. `make fuzz` goes on with other seeds; what it finds is found again here by SEED and COUNT.
 */
import { expect, test } from '@jest/globals';
import { LITTLE_ENDIAN } from '../../../packages/x11/src/byte-order.ts';
import { ENGINES, type Engine, type EngineKind, socketEngine } from '../engine.ts';
import { HIDDEN } from '../expectation.ts';
import { origins, trySeed } from './try-seed.ts';

const SEEDS = 300;
const from = origins();

/** @returns the first seeds that find something, with what they find */
function findings(kind: EngineKind, seeds: number): string[] {
  const found: string[] = [];
  for (let seed = 1; seed <= seeds && found.length < 3; seed += 1) {
    const problem = trySeed(seed, kind, from);
    if (problem !== undefined) found.push(`seed ${seed}: ${problem}`);
  }
  return found;
}

test.each(Object.keys(ENGINES))(
  'the engine of mode %s stands it',
  (name) => {
    expect(findings(ENGINES[name] as EngineKind, SEEDS)).toEqual([]);
  },
  120_000,
);

const broken = (change: (engine: Engine) => Partial<Engine>): EngineKind => ({
  make(policy) {
    const engine = socketEngine(policy);
    return {
      request: (chunk) => engine.request(chunk),
      reply: (chunk) => engine.reply(chunk),
      get heldBytes() {
        return engine.heldBytes;
      },
      get openQuestions() {
        return engine.openQuestions;
      },
      ...change(engine),
    };
  },
  hidden: HIDDEN,
  heldBytesMax: 80 * 1024,
  addedBytesMax: 0,
  isTransparent: true,
});

/** Engines that are wrong must be found out, or nothing was tried. */
const WRONG: Readonly<Record<string, EngineKind>> = {
  'hides nothing': broken(() => ({ request: (chunk) => chunk })),
  'hides nothing in answers': broken(() => ({ reply: (chunk) => chunk })),
  'throws what it likes': broken((engine) => ({
    request(chunk) {
      if (chunk.length === 13) throw new RangeError('thirteen');
      return engine.request(chunk);
    },
  })),
  'works too much': broken((engine) => ({
    request(chunk) {
      for (let turns = 0; turns < 1000; turns += 1) LITTLE_ENDIAN.u32(Buffer.alloc(4), 0);
      return engine.request(chunk);
    },
  })),
  'holds back': broken(() => ({ heldBytes: 1_000_000 })),
  'says more than it heard': broken((engine) => ({
    reply: (chunk) => [Buffer.concat([engine.reply(Buffer.from(chunk)), chunk].flat())],
  })),
};

test.each(Object.keys(WRONG))('an engine that %s is found out', (name) => {
  expect(findings(WRONG[name] as EngineKind, 200)).not.toEqual([]);
});

test('an engine that never comes back is found out', () => {
  const kind = broken(() => ({
    request() {
      for (;;) LITTLE_ENDIAN.u32(Buffer.alloc(4), 0);
    },
  }));
  expect(trySeed(1, kind, from, 300)).toBe('it has not ended after 300 ms');
});
