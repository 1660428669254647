import type { Policy } from '../expectation.ts';
import { numbersOf } from '../frames.ts';
import type { Random } from '../replay.ts';
import { wordsOf } from './words.ts';

const QUERY_EXTENSION = 98;
const LIST_EXTENSIONS = 99;
const GET_INPUT_FOCUS = 43;
const NO_OPCODE = 0;
const GENERIC_EVENT = 35;
const ERROR = { request: 1, value: 2, length: 16 } as const;

interface Heard {
  readonly length: number;
  readonly answer: Buffer;
}

const padding = (length: number) => Buffer.alloc(-length & 3);

/** A server that answers what it is asked, in order, as far as the engine lets it be asked. */
export class HonestServer {
  readonly #policy: Policy;
  readonly #random: Random;
  readonly #blocked: ReadonlySet<number | undefined>;
  #bytes: Buffer = Buffer.alloc(0);
  #words = wordsOf(true);
  #isSetUp = false;
  #mayBeBig = false;
  #sequence = 0;
  #problem: string | undefined;

  constructor(policy: Policy, random: Random) {
    this.#policy = policy;
    this.#random = random;
    this.#blocked = new Set(policy.hidden.map((name) => policy.opcodes[name]));
  }

  /** What it met that an engine must keep from it. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** @returns its answers to all that is whole by now, with events between */
  hear(chunk: Buffer): Buffer {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const answers: Buffer[] = [];
    for (;;) {
      const heard = this.#isSetUp ? this.#request() : this.#setup();
      if (!heard) return Buffer.concat(answers);
      this.#bytes = this.#bytes.subarray(heard.length);
      answers.push(heard.answer);
      if (this.#random(6) === 0) answers.push(this.#event());
    }
  }

  #setup(): Heard | undefined {
    if (this.#bytes.length < 12) return undefined;
    this.#words = wordsOf(this.#bytes[0] === 'l'.charCodeAt(0));
    const { u16 } = this.#numbers();
    const lengths = [u16(6), u16(8)];
    const length = lengths.reduce((sum, each) => sum + each + padding(each).length, 12);
    if (this.#bytes.length < length) return undefined;
    this.#isSetUp = true;
    const rest = Buffer.alloc(4 * this.#random(600), 'setup');
    const numbers = [11, 0, rest.length / 4].map((value) => this.#words.number(value, 2));
    return { length, answer: Buffer.concat([Buffer.of(1, 0), ...numbers, rest]) };
  }

  #request(): Heard | undefined {
    if (this.#bytes.length < 4) return undefined;
    const { u16, u32 } = this.#numbers();
    const opcode = this.#bytes.readUInt8(0);
    const isBig = u16(2) === 0;
    if (this.#blocked.has(opcode)) this.#problem ??= `a request of the hidden opcode ${opcode}`;
    if (isBig && !this.#mayBeBig) this.#problem ??= 'a request of no length';
    if (isBig && this.#bytes.length < 8) return undefined;
    const length = 4 * (isBig ? u32(4) : u16(2));
    if (length < (isBig ? 8 : 4)) this.#problem ??= `a request of ${length} bytes`;
    if (this.#problem !== undefined || this.#bytes.length < length) return undefined;
    this.#sequence += 1;
    this.#mayBeBig ||= opcode === this.#policy.opcodes['BIG-REQUESTS'] && this.#bytes[1] === 0 && length === 4;
    return { length, answer: this.#answer(opcode, this.#bytes.subarray(isBig ? 8 : 4, length)) };
  }

  #answer(opcode: number, body: Buffer): Buffer {
    switch (opcode) {
      case QUERY_EXTENSION:
        return this.#extension(body);
      case LIST_EXTENSIONS:
        return this.#list();
      case GET_INPUT_FOCUS:
        return this.#message(1, 0, Buffer.alloc(8));
      case NO_OPCODE:
        return this.#error(ERROR.request, opcode);
      default:
        return this.#random(20) === 0 ? this.#error(ERROR.value, opcode) : Buffer.alloc(0);
    }
  }

  #extension(body: Buffer): Buffer {
    const length = body.length < 4 ? Number.POSITIVE_INFINITY : numbersOf(body, this.#words.isLittle).u16(0);
    if (4 + length > body.length) return this.#error(ERROR.length, QUERY_EXTENSION);
    const opcode = this.#policy.opcodes[body.toString('latin1', 4, 4 + length)];
    return this.#message(1, 0, Buffer.of(opcode === undefined ? 0 : 1, opcode ?? 0, 64, 128));
  }

  #list(): Buffer {
    const names = Object.keys(this.#policy.opcodes).map((name) => `${String.fromCharCode(name.length)}${name}`);
    return this.#message(1, names.length, Buffer.alloc(0), Buffer.from(names.join('')));
  }

  #error(code: number, opcode: number): Buffer {
    return this.#message(0, code, Buffer.of(0, 0, opcode));
  }

  #event(): Buffer {
    if (this.#random(2) === 0) return this.#message(2 + this.#random(30), 1, Buffer.alloc(0));
    return this.#message(GENERIC_EVENT, 0, Buffer.alloc(0), Buffer.alloc(4 * this.#random(40), 1));
  }

  #message(code: number, second: number, fixed: Buffer, rest: Buffer = Buffer.alloc(0)): Buffer {
    const first = Buffer.alloc(32, 0x5a);
    first.set([code, second]);
    this.#words.write(first, 2, this.#sequence & 0xffff, 2);
    this.#words.write(first, 4, Math.ceil(rest.length / 4), 4);
    fixed.copy(first, 8);
    return Buffer.concat([first, rest, padding(rest.length)]);
  }

  #numbers() {
    return numbersOf(this.#bytes, this.#words.isLittle);
  }
}
