import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_STATUS, LIMITS } from '@muvm/protocol/contract';
import type { Command } from './command.ts';
import { Refusal } from './refusal.ts';

const { SIGTERM, SIGCONT } = constants.signals;

/** Even SIGKILL waits for a process that waits for the disk. */
const KILL_WAIT_MS = 1000;

/** All commands of the machine, and who wants to know when their number changes. */
export class Commands {
  readonly #running = new Set<Command>();
  readonly #listeners = new Set<() => void>();
  #startedCount = 0;
  #isClosed = false;

  get attachedCount(): number {
    return this.#count((command) => !command.isDetached);
  }

  get detachedCount(): number {
    return this.#count((command) => command.isDetached);
  }

  get startedCount(): number {
    return this.#startedCount;
  }

  /** @throws Refusal where there is no room for one more */
  checkRoom(): void {
    if (this.#isClosed) throw refusal('Cannot start a command as the machine is shutting down');
    if (this.#running.size >= LIMITS.commands) {
      throw refusal(`Cannot run more than ${LIMITS.commands} commands at the same time`);
    }
  }

  add(command: Command): void {
    this.#running.add(command);
    this.#startedCount += 1;
    this.#tell();
  }

  /** To be called when the client knows of the end, so that a count of zero means that nothing is owed to anybody. */
  remove(command: Command): void {
    if (this.#running.delete(command)) this.#tell();
  }

  /** @returns how to stop listening */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts no more commands and ends all that run: first politely, then after the grace time by force. */
  async endAll(graceMs: number): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running];
    const ended = Promise.all(running.map((command) => command.end));
    for (const command of running) {
      command.signal(SIGTERM);
      command.signal(SIGCONT);
    }
    if (await isDoneWithin(ended, graceMs)) return;
    for (const command of running) command.kill();
    await isDoneWithin(ended, KILL_WAIT_MS);
  }

  #count(predicate: (command: Command) => boolean): number {
    let count = 0;
    for (const command of this.#running) if (predicate(command)) count += 1;
    return count;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function isDoneWithin(done: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const isDone = await Promise.race([done.then(() => true), late]);
  timer.abort();
  return isDone;
}

function refusal(sentence: string): Refusal {
  return new Refusal(EXIT_STATUS.muvmFailed, sentence);
}
