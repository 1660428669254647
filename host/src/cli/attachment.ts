import type { RunningCommand } from '../exec/client.ts';
import type { SignalRelay } from './signals.ts';
import { RawTerminal, terminalSize } from './terminal.ts';

/** Binds the user's keys, window and signals to a command, until it is disposed of. */
export class Attachment implements Disposable {
  readonly #terminal: RawTerminal | undefined;
  readonly #resize: (() => void) | undefined;

  constructor(
    command: RunningCommand,
    relay: SignalRelay,
    wishes: { readonly tty: boolean; readonly interactive: boolean },
  ) {
    this.#terminal = wishes.tty && wishes.interactive ? RawTerminal.open() : undefined;
    this.#resize = wishes.tty ? () => command.resize(terminalSize()) : undefined;
    if (this.#resize) process.on('SIGWINCH', this.#resize).on('SIGCONT', this.#resize);
    relay.attach(command, this.#terminal);
  }

  [Symbol.dispose](): void {
    if (this.#resize) process.off('SIGWINCH', this.#resize).off('SIGCONT', this.#resize);
    this.#terminal?.[Symbol.dispose]();
  }
}
