import { constants } from 'node:os';
import { EXIT_STATUS, exitStatusOfSignal } from '@muvm/protocol/contract';
import type { ExecEnd } from '../exec/exec-end.ts';
import type { Ending } from './report-error.ts';

const { SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM } = constants.signals;

/** A user who sends one of these knows why the command ended. */
const EXPECTED: readonly number[] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

const REFUSALS: readonly number[] = Object.values(EXIT_STATUS);

export interface SignalSender {
  /** Whether the command was sent the signal by its user. */
  readonly isFromUser: (signalNumber: number) => boolean;
}

/** What the user is told, and the exit status, of the way in which a command ended. */
export function endingOf(end: ExecEnd, { isFromUser }: SignalSender): Ending {
  switch (end.how) {
    case 'exited':
      return { status: end.code };
    case 'detached':
      return { status: 0 };
    case 'output-closed':
      return { status: exitStatusOfSignal(SIGPIPE) };
    case 'refused':
      return {
        sentence: end.message || 'Guest refused the command',
        hint: end.hint,
        status: refusalStatus(end.status),
      };
    case 'killed': {
      const { signalNumber } = end;
      const isQuiet = signalNumber === SIGPIPE || (EXPECTED.includes(signalNumber) && isFromUser(signalNumber));
      const sentence = isQuiet ? undefined : `Command was killed by signal ${spellSignal(signalNumber)}`;
      return { sentence, status: exitStatusOfSignal(signalNumber) };
    }
  }
}

function refusalStatus(status: number): number {
  return REFUSALS.includes(status) ? status : EXIT_STATUS.muvmFailed;
}

function spellSignal(signalNumber: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === signalNumber)?.[0];
  return name ? `${signalNumber} (${name})` : `${signalNumber}`;
}
