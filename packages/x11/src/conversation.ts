import { MuvmError } from '@muvm/errors';
import { type ByteOrder, LITTLE_ENDIAN } from './byte-order.ts';
import { NO_OPCODE } from './protocol.ts';

/** A question of the client whose answer is changed on its way back. */
export interface Question {
  /** Of the request; its lower 16 bits stand in the answer. */
  readonly sequence: number;
  readonly opcode: number;
  /** For QueryExtension: whether the answer must be that there is no such extension. */
  readonly isHidden: boolean;
  /** What the answer is looked at for besides. */
  readonly about?: Subject;
}

/** What an answer tells or brings, where descriptors can cross. */
export type Subject =
  | { readonly kind: 'extension'; readonly name: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'renderNode' }
  | { readonly kind: 'descriptors' };

/** No program asks for so many extensions before it reads an answer. */
const QUESTIONS_MAX = 1024;

/** What both directions of one client's connection know of each other. */
export class Conversation {
  /** Names of extensions that cannot cross. */
  readonly hidden: ReadonlySet<string>;
  byteOrder: ByteOrder = LITTLE_ENDIAN;
  /** Opcodes that the server would take for those extensions. */
  blocked: (opcode: number) => boolean = () => true;
  /** Of the extension BIG-REQUESTS; 0 where it is not known. */
  bigRequestsOpcode: number = NO_OPCODE;
  /** Whether the client may send requests whose length is in the word after the header. */
  hasBigRequests = false;
  /** The extensions that answers told of, by their opcode, where descriptors can cross. */
  readonly extensions = new Map<number, string>();
  readonly #questions: Question[] = [];

  constructor(hidden: readonly string[]) {
    this.hidden = new Set(hidden);
  }

  /** @throws MuvmError PROTOCOL where too many wait for their answer */
  ask(question: Question): void {
    if (this.#questions.length >= QUESTIONS_MAX) {
      throw new MuvmError('PROTOCOL', `Cannot ask an X server ${QUESTIONS_MAX + 1} questions before an answer is read`);
    }
    this.#questions.push(question);
  }

  /** The question that a message of the server may be the answer to. Answers come in the order of the questions. */
  next(sequence: number): Question | undefined {
    const first = this.#questions[0];
    return first !== undefined && (first.sequence & 0xffff) === sequence ? first : undefined;
  }

  /** The first question has its answer. */
  shift(): void {
    this.#questions.shift();
  }

  get openQuestions(): number {
    return this.#questions.length;
  }
}
