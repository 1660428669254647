import { clientFrames } from '../frames.ts';
import type { Random, Step } from '../replay.ts';
import type { Side } from '../trace.ts';
import { type Words, wordsOf } from './words.ts';

/** What there is to take from. */
export interface Corpus {
  readonly others: readonly (readonly Step[])[];
  readonly bigOpcode: number | undefined;
}

type Mutation = (steps: Step[], random: Random, corpus: Corpus) => void;

/** Numbers at which readers of lengths go wrong. */
export const EDGES = [0, 1, 2, 3, 7, 8, 0x7fff, 0xffff, 0x1_0000, 0x3fff_ffff, 0x4000_0000, 0x7fff_ffff, 0xffff_ffff];

const FLIPS_MAX = 8;
const MUTATIONS_MAX = 6;

const oneOf = <T>(list: readonly T[], random: Random): T => list[random(list.length)] as T;

/** A stretch that begins where numbers stand. */
const aligned = (length: number, random: Random) => 4 * random(Math.max(1, length >> 2));

function orderOf(steps: readonly Step[]): Words {
  const first = steps.find(({ from }) => from === 'client');
  return wordsOf(first?.bytes[0] !== 'B'.charCodeAt(0));
}

function flip(steps: Step[], random: Random): void {
  for (let left = 1 + random(FLIPS_MAX); left > 0; left -= 1) {
    const { bytes } = oneOf(steps, random);
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  }
}

function setNumber(steps: Step[], random: Random): void {
  const { bytes } = oneOf(steps, random);
  const at = aligned(bytes.length, random) + oneOf([0, 2], random);
  orderOf(steps).write(bytes, at, oneOf(EDGES, random), oneOf([2, 4], random));
}

/** The length of a request, which everything after it depends on. */
function setLength(steps: Step[], random: Random, { bigOpcode }: Corpus): void {
  const mine = steps.filter(({ from }) => from === 'client');
  const stream = Buffer.concat(mine.map(({ bytes }) => bytes));
  const frames = clientFrames(stream, bigOpcode);
  if (!frames || frames.requests.length === 0) return;
  const { at, isBig } = oneOf(frames.requests, random);
  const value = random(3) === 0 ? random(40) : oneOf(EDGES, random);
  let offset = isBig ? at + 4 : at + 2;
  const step = mine.find(({ bytes }) => {
    if (offset < bytes.length) return true;
    offset -= bytes.length;
    return false;
  });
  if (step) orderOf(steps).write(step.bytes, offset, value, isBig ? 4 : 2);
}

const shorten: Mutation = (steps, random) => {
  const index = random(steps.length);
  const { from, bytes } = steps[index] as Step;
  steps[index] = { from, bytes: bytes.subarray(0, random(bytes.length + 1)) };
};

const leaveOut: Mutation = (steps, random) => void (steps.length > 1 && steps.splice(random(steps.length), 1));

const repeat: Mutation = (steps, random) => {
  const { from, bytes } = oneOf(steps, random);
  steps.splice(random(steps.length + 1), 0, { from, bytes: Buffer.from(bytes) });
};

const swap: Mutation = (steps, random) => {
  const [one, other] = [random(steps.length), random(steps.length)];
  [steps[one], steps[other]] = [steps[other] as Step, steps[one] as Step];
};

/** What another program said, or its server, in the middle of this. */
const splice: Mutation = (steps, random, { others }) => {
  const { bytes } = oneOf(oneOf(others, random), random);
  const at = aligned(bytes.length, random);
  const taken = Buffer.from(bytes.subarray(at, at + 1 + random(2000)));
  const from: Side = oneOf(['client', 'client', 'server'], random);
  steps.splice(1 + random(steps.length), 0, { from, bytes: taken });
};

const noise: Mutation = (steps, random) => {
  const bytes = Buffer.from(Array.from({ length: 1 + random(64) }, () => random(256)));
  steps.splice(random(steps.length + 1), 0, { from: oneOf(['client', 'server'], random), bytes });
};

const MUTATIONS: readonly Mutation[] = [
  flip,
  setNumber,
  setLength,
  setLength,
  shorten,
  leaveOut,
  repeat,
  swap,
  splice,
  noise,
];

/** A few changes to what was said. OWNERSHIP: the steps may be changed. */
export function mutate(steps: Step[], random: Random, corpus: Corpus): Step[] {
  for (let left = 1 + random(MUTATIONS_MAX); left > 0; left -= 1) {
    const some = steps.filter(({ bytes }) => bytes.length > 0);
    if (some.length === 0) break;
    steps.splice(0, steps.length, ...some);
    oneOf(MUTATIONS, random)(steps, random, corpus);
  }
  return steps.filter(({ bytes }) => bytes.length > 0);
}
