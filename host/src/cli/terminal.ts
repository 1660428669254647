import { openSync } from 'node:fs';
import { isatty, WriteStream } from 'node:tty';
import { enterRawMode } from '@muvm/linux';
import type { TerminalSize } from '@muvm/protocol/contract';
import { LIMITS } from '@muvm/protocol/contract';

const STANDARD_INPUT = 0;
/** What a terminal without a size of its own, such as a serial line, is taken for. */
const FALLBACK_SIZE: TerminalSize = { rows: 24, columns: 80 };

/** The size of the terminal that the user looks at: that of the output, else the controlling one. */
export function terminalSize(): TerminalSize {
  for (const output of [process.stdout, process.stderr]) {
    if (output.isTTY) return usableSize(output);
  }
  return controllingTerminalSize();
}

function controllingTerminalSize(): TerminalSize {
  try {
    const terminal = new WriteStream(openSync('/dev/tty', 'w'));
    const size = usableSize(terminal);
    terminal.destroy();
    return size;
  } catch {
    return FALLBACK_SIZE;
  }
}

function usableSize(terminal: WriteStream): TerminalSize {
  const [columns, rows] = terminal.getWindowSize();
  const isUsable = (cells: number) => cells >= 1 && cells <= LIMITS.terminalCells;
  return isUsable(rows) && isUsable(columns) ? { rows, columns } : FALLBACK_SIZE;
}

/** The terminal on standard input, raw for as long as a command of the guest owns it. */
export class RawTerminal implements Disposable {
  readonly #restoreAtExit = () => this.leave();
  #leave: (() => void) | undefined;

  /** Undefined where standard input is no terminal. */
  static open(): RawTerminal | undefined {
    return isatty(STANDARD_INPUT) ? new RawTerminal() : undefined;
  }

  private constructor() {
    // Runs also where an exception that nobody caught, or process.exit(), ends us.
    process.on('exit', this.#restoreAtExit);
    this.enter();
  }

  enter(): void {
    this.#leave ??= enterRawMode(STANDARD_INPUT);
  }

  leave(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#restoreAtExit);
    this.leave();
  }
}
