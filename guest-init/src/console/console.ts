import { writeSync } from 'node:fs';
import type { BootMark } from '@muvm/protocol/contract';
import { BOOT_MARKS } from '@muvm/protocol/contract';

/** The PID 1 script points stdout and stderr of the agent at the console. */
export const CONSOLE_FD = 2;

/** Lines on the console. Written at once: `process.stderr` costs start-up time, and a crash must not lose the last line. */
export class Console {
  readonly #fd: number;
  isVerbose = false;

  constructor(fd: number = CONSOLE_FD) {
    this.#fd = fd;
  }

  mark(mark: BootMark): void {
    this.#write(BOOT_MARKS[mark]);
  }

  say(line: string): void {
    this.#write(`muvm-guest: ${line}`);
  }

  /** For those who asked to hear more. */
  tell(line: string): void {
    if (this.isVerbose) this.say(line);
  }

  #write(line: string): void {
    try {
      writeSync(this.#fd, `${line}\n`);
    } catch {
      // A console that is full or gone must not end the machine.
    }
  }
}
