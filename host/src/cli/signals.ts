import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { RunningCommand } from '../exec/client.ts';
import type { RawTerminal } from './terminal.ts';

/** What a user or a shell sends to a program that is to do something about it. */
const FORWARDED = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** Where the terminal is raw, its keys reach the command by themselves, and these mean us. */
const ENDS_RAW_CLIENT: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];

/** The user ended the wait for a command. Not an error of anybody. */
export class Interrupted extends Error {
  readonly signalNumber: number;

  constructor(signalNumber: number) {
    super(`Interrupted by signal ${signalNumber}`);
    this.signalNumber = signalNumber;
  }
}

/**
 * What signals mean to this process: until the command starts, they end the wait for it; from then on they are for
 * the command.
 */
export class SignalRelay implements Disposable {
  readonly #abort = new AbortController();
  readonly #sent = new Set<number>();
  readonly #handlers = new Map<NodeJS.Signals, () => void>();
  #command: RunningCommand | undefined;
  #terminal: RawTerminal | undefined;

  readonly #isRaw: boolean;

  /** @param isRaw the command gets the keys of the terminal as they are */
  constructor(isRaw: boolean) {
    this.#isRaw = isRaw;
    const ignored = ignoredSignals();
    for (const name of FORWARDED) if (!ignored.has(name)) this.#on(name, () => this.#take(name));
  }

  /** Aborted with {@link Interrupted} by a signal that ends this process. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the command got the signal from its user: through us, or perhaps by a key of the raw terminal. */
  isFromUser(signalNumber: number): boolean {
    return this.#isRaw || this.#sent.has(signalNumber);
  }

  attach(command: RunningCommand, terminal: RawTerminal | undefined): void {
    this.#command = command;
    this.#terminal = terminal;
    this.#on('SIGTSTP', () => void this.#suspend());
    this.#on('SIGCONT', () => this.#proceed());
  }

  [Symbol.dispose](): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler);
  }

  #on(name: NodeJS.Signals, handler: () => void): void {
    this.#handlers.set(name, handler);
    process.on(name, handler);
  }

  #take(name: NodeJS.Signals): void {
    const signalNumber = constants.signals[name];
    if (!this.#command || (this.#terminal && ENDS_RAW_CLIENT.includes(name))) {
      this.#abort.abort(new Interrupted(signalNumber));
      return;
    }
    this.#sent.add(signalNumber);
    void this.#command.sendSignal(signalNumber);
  }

  // SIGSTOP, as a command without a job control of its own would ignore SIGTSTP.
  async #suspend(): Promise<void> {
    if (!this.#terminal) await this.#command?.sendSignal(constants.signals.SIGSTOP);
    this.#terminal?.leave();
    process.kill(process.pid, 'SIGSTOP');
  }

  #proceed(): void {
    this.#terminal?.enter();
    if (!this.#terminal) void this.#command?.sendSignal(constants.signals.SIGCONT);
  }
}

/**
 * What our caller wants us not to notice, as nohup(1) and shells do for what runs in the background. Node takes
 * SIGINT back from that state, but where a shell ignores it, SIGQUIT is ignored too.
 */
function ignoredSignals(): ReadonlySet<string> {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const isIgnored = (name: NodeJS.Signals) =>
    ((BigInt(`0x${mask}`) >> BigInt(constants.signals[name] - 1)) & 1n) === 1n;
  const ignored = new Set<string>(FORWARDED.filter(isIgnored));
  return ignored.has('SIGQUIT') ? ignored.add('SIGINT') : ignored;
}
