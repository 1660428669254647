import type { Policy } from '../expectation.ts';
import type { Random, Step } from '../replay.ts';
import { EDGES } from './mutate.ts';
import { type Words, wordsOf } from './words.ts';

const REQUESTS_MAX = 60;
const BODY_BYTES_MAX = 400;
/** One in so many requests has a length that is not its own. */
const LIE = 25;

const CORE = { getInputFocus: 43, putImage: 72, queryExtension: 98, listExtensions: 99, noOperation: 127 };
const NAMES = ['RENDER', 'BIG-REQUESTS', 'MIT-SHMX', 'mit-shm', '', 'Present', 'X'.repeat(256), 'DRI3\0'];

const oneOf = <T>(list: readonly T[], random: Random): T => list[random(list.length)] as T;

const noise = (length: number, random: Random) =>
  Buffer.alloc(length, Buffer.of(random(256), random(256), random(256)));

function setup({ isLittle, number }: Words, random: Random): Buffer {
  const [name, data] = [noise(random(40), random), noise(oneOf([0, 16, random(300)], random), random)];
  const fill = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const mark = Buffer.of((isLittle ? 'l' : 'B').charCodeAt(0), 0);
  const lengths = [number(name.length, 2), number(data.length, 2), number(0, 2)];
  return Buffer.concat([mark, number(11, 2), number(0, 2), ...lengths, fill(name), fill(data)]);
}

interface Parts {
  readonly opcode: number;
  readonly minor: number;
  readonly body: Buffer;
}

function queryExtension(words: Words, random: Random, hidden: readonly string[]): Parts {
  const name = Buffer.from(oneOf([...NAMES, ...hidden, ...hidden], random));
  const length = random(LIE) === 0 ? oneOf(EDGES, random) : name.length;
  const body = Buffer.concat([words.number(length, 2), noise(2, random), name]);
  return {
    opcode: CORE.queryExtension,
    minor: random(256),
    body: random(LIE) === 0 ? body.subarray(0, random(8)) : body,
  };
}

function parts(words: Words, random: Random, { hidden, opcodes }: Policy): Parts {
  const minor = random(4);
  const body = noise(random(6) === 0 ? random(BODY_BYTES_MAX) : 4 * random(8), random);
  switch (random(8)) {
    case 0:
    case 1:
      return queryExtension(words, random, hidden);
    case 2:
      return { opcode: CORE.listExtensions, minor, body: Buffer.alloc(0) };
    case 3:
      return { opcode: oneOf(Object.values(opcodes), random), minor, body };
    case 4:
      return { opcode: opcodes['BIG-REQUESTS'] ?? 0, minor: random(2), body: random(3) === 0 ? body : Buffer.alloc(0) };
    case 5:
      return { opcode: random(256), minor, body };
    default:
      return { opcode: oneOf(Object.values(CORE).slice(0, 2), random), minor, body };
  }
}

/** Big ones come whether or not the server was asked for them. */
function request(words: Words, random: Random, policy: Policy, isBigOn: boolean): Buffer {
  const { opcode, minor, body } = parts(words, random, policy);
  const isBig = random(isBigOn ? 3 : 60) === 0;
  const length = (isBig ? 2 : 1) + Math.ceil(body.length / 4);
  const told = random(LIE) === 0 ? oneOf(EDGES, random) : length;
  const lengths = isBig ? [words.number(0, 2), words.number(told, 4)] : [words.number(told, 2)];
  return Buffer.concat([Buffer.of(opcode, minor), ...lengths, body, Buffer.alloc(-body.length & 3)]);
}

/** A client that says many things of which some are false. */
export function inventClient(policy: Policy, random: Random): Step[] {
  const words = wordsOf(random(3) !== 0);
  const isBigOn = random(2) === 0;
  const enable = Buffer.concat([Buffer.of(policy.opcodes['BIG-REQUESTS'] ?? 0, 0), words.number(1, 2)]);
  const first = [setup(words, random), ...(isBigOn ? [enable] : [])];
  const requests = Array.from({ length: random(REQUESTS_MAX) }, () => request(words, random, policy, isBigOn));
  return [...first, ...requests].map((bytes) => ({ from: 'client', bytes }));
}
