import { setTimeout as sleep } from 'node:timers/promises';
import { MuvmError } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import type { Helper, HelperExit } from '@muvm/process';

/** What is looked at when passt ends. */
export interface PasstWatch {
  /** Whether the user asked for something that only passt can do. */
  readonly isWished: boolean;
  /** Resolves when the guest has answered: from then on the machine does not end with its network. */
  readonly up: Promise<unknown>;
  readonly vmm: Pick<Helper, 'hasExited'>;
  readonly onNotice: (sentence: string) => void;
}

// passt ends when the machine does, and may be reaped before it.
const VMM_FIRST_MS = 500;
const LINES_KEPT = 3;
const LINE_LENGTH_MAX = 300;

// Without a system log, passt says this of every line that it has said.
const NOISE = /^Failed to send \d+ bytes to syslog|^Don't run as root/;

/** The last words of passt, as the end of a sentence tells them. */
export class PasstWords {
  readonly #lines: string[] = [];
  #isUsage = false;

  add(line: string): void {
    // What is wrong comes before it.
    this.#isUsage ||= line.startsWith('Usage: ');
    if (this.#isUsage || NOISE.test(line)) return;
    this.#lines.push(line.trim().slice(0, LINE_LENGTH_MAX));
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
  }

  toString(): string {
    return this.#lines.join('; ').replace(/[.\s]+$/, '');
  }
}

/**
 * Says once that passt has ended: it is never started again, as the guest's connections ended with it.
 *
 * @returns resolves with what is to end the machine: a passt that refused what was asked of it. Else it stays open
 */
export function watchPasst(passt: Helper, words: PasstWords, watch: PasstWatch): Promise<MuvmError> {
  const refused = new Deferred<MuvmError>();
  let isUp = false;
  watch.up.then(
    () => {
      isUp = true;
    },
    () => {},
  );
  void passt.exited.then(async (exit) => {
    if (watch.isWished && !isUp && exit.code !== 0) return refused.resolve(refusal(exit, words));
    await sleep(VMM_FIRST_MS, undefined, { ref: false });
    if (watch.vmm.hasExited()) return;
    const said = String(words);
    watch.onNotice(`the guest has no network, as ${exit.sentence}${said ? `: ${said}` : ''}`);
  });
  return refused.promise;
}

function refusal({ sentence }: HelperExit, words: PasstWords): MuvmError {
  const said = String(words) || 'it did not say why';
  return new MuvmError('START_FAILED', `Cannot connect the guest to the network as ${sentence}: ${said}`, {
    hint: 'Correct the ports of -p and the arguments of --passt-args.',
  });
}
