import { reasonOf } from '@muvm/errors';
import { EXIT_STATUS, type Refused } from '@muvm/protocol/contract';

/** Why a command was not started. Thrown inside the room, sent to the client as `refused`. */
export class Refusal extends Error {
  readonly reply: Refused;

  constructor(status: number, message: string, hint = '') {
    super(message);
    this.reply = { status, message, hint };
  }
}

/** The refusal of a program that is there and yet cannot be run, from the error of the system call. */
export function refusalOfProgram(name: string, error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code;
  const sentence = `Cannot run "${name}": ${reasonOf(error)}`;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new Refusal(EXIT_STATUS.notFound, sentence);
  }
  if (code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE' || code === 'ENFILE') {
    return new Refusal(
      EXIT_STATUS.muvmFailed,
      sentence,
      'Give the machine more memory, or run fewer commands at once.',
    );
  }
  return new Refusal(EXIT_STATUS.notExecutable, sentence);
}
