import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { isMuvmError, MuvmError, reasonOf } from '@muvm/errors';
import { EXIT_STATUS, exitStatusOfSignal } from '@muvm/protocol/contract';
import { OutputClosed } from '../exec/output.ts';
import { printable } from './printable.ts';

const STANDARD_ERROR = 2;

/** An error whose exit status is not 125, such as a command that is not there. */
export interface Ending {
  /** For people, with no final period; without it nothing is printed. */
  readonly sentence?: string | undefined;
  readonly hint?: string | undefined;
  readonly status: number;
}

/** Prints each error on a line of its own and sets the exit status 125. Output that nobody reads is no error. */
export function reportError(error: unknown): void {
  if (error instanceof OutputClosed) {
    process.exitCode = exitStatusOfSignal(constants.signals.SIGPIPE);
    return;
  }
  for (const each of error instanceof AggregateError ? error.errors : [error]) {
    const { message, hint } = isMuvmError(each) ? each : unexpected(each);
    printLine(message, hint);
  }
  process.exitCode = EXIT_STATUS.muvmFailed;
}

/** Ends as the command did, with one line where there is something to say. */
export function reportEnding({ sentence, hint, status }: Ending): void {
  if (sentence) printLine(sentence, hint);
  process.exitCode = status;
}

function unexpected(error: unknown): MuvmError {
  const place = process.env['MUVM_DEBUG_TRACE'] && error instanceof Error ? `: ${error.stack}` : '';
  const hint = place ? undefined : 'This is a defect of muvm; set MUVM_DEBUG_TRACE=1 to see where it is.';
  return new MuvmError('INTERNAL', `Ended because of an unexpected error: ${reasonOf(error)}${place}`, { hint });
}

// One line for sentence and hint, so that a log or a script gets them together.
function printLine(sentence: string, hint: string | undefined): void {
  const line = `muvm: ${sentence}${hint ? `. ${hint}` : ''}`;
  try {
    writeSync(STANDARD_ERROR, `${printable(line)}\n`);
  } catch {
    // There is nobody left to tell: the exit status has to do.
  }
}
