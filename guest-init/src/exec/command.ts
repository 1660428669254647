import { constants } from 'node:os';
import { Deferred } from '@muvm/lifetime';
import type { ProcessEnd } from '@muvm/linux';
import { killSessions, signalGroup } from './process-session.ts';

const { SIGHUP, SIGCONT, SIGKILL } = constants.signals;

/** Time that a command gets to leave once its client is gone. */
const HANG_UP_GRACE_MS = 2000;

/** Sessions that are killed together are looked for together: one walk through /proc. */
const KILL_BATCH_MS = 20;

const doomed = new Set<number>();

/** A command that was started: leader of a session and of a process group. */
export class Command {
  readonly pid: number;
  readonly isDetached: boolean;
  readonly #end = new Deferred<ProcessEnd>();
  #hasEnded = false;
  #isHungUp = false;

  constructor(pid: number, isDetached: boolean) {
    this.pid = pid;
    this.isDetached = isDetached;
  }

  /** How the leader ended. Others of its session may live on. */
  get end(): Promise<ProcessEnd> {
    return this.#end.promise;
  }

  /** To be called with what waitpid(2) gave. */
  hasEnded(end: ProcessEnd): void {
    this.#hasEnded = true;
    this.#end.resolve(end);
  }

  /** Signals the process group of the leader, as sshd(8) does, also where a terminal has another one in the foreground. */
  signal(number: number): void {
    // Once the leader is collected, its number may belong to somebody else.
    if (!this.#hasEnded) signalGroup(this.pid, number);
  }

  /** Its client is gone: a hang-up, to stopped processes too, and after a grace time the end of the whole session. */
  hangUp(): void {
    // What a command leaves running when it ends by itself is meant to stay.
    if (this.#isHungUp || this.#hasEnded) return;
    this.#isHungUp = true;
    this.signal(SIGHUP);
    this.signal(SIGCONT);
    setTimeout(() => this.kill(), HANG_UP_GRACE_MS).unref();
  }

  /** Ends the whole session. */
  kill(): void {
    this.signal(SIGKILL);
    if (doomed.size === 0) setTimeout(killDoomed, KILL_BATCH_MS).unref();
    doomed.add(this.pid);
  }
}

function killDoomed(): void {
  killSessions(doomed);
  doomed.clear();
}
