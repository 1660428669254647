import { setTimeout as sleep } from 'node:timers/promises';
import { Deferred } from '@muvm/lifetime';
import { hasInput, waitingBytes } from '@muvm/linux';
import type { Call } from '../rpc/index.ts';
import { outputReply } from './reply.ts';
import type { Output, Stdio } from './stdio.ts';

/** How often a command that has ended is asked for more. */
const CHECK_INTERVAL_MS = 50;

/**
 * Others may hold the pipes of a command that has ended. What follows in a moment is most likely part of its work
 * (`cmd > >(tee log)`), so we wait this long after the last byte.
 */
const SILENCE_MS = 500;

/** A background process that never falls silent must not keep the client: this is all the time it gets. */
const AFTERMATH_MS = 2000;

/** A terminal has nothing to wait for: the kernel has hung up on all in its foreground. */
const TERMINAL_CHECK_INTERVAL_MS = 2;

/** Sends what a command writes to its client, as fast as the client takes it. */
export class OutputPump {
  readonly #stdio: Stdio;
  readonly #receivedBytes = new Map<Output, number>();
  #isPaused = false;

  constructor(stdio: Stdio, call: Call) {
    this.#stdio = stdio;
    call.onDrain(() => this.#setPaused(false));
    for (const output of stdio.outputs) {
      this.#receivedBytes.set(output, 0);
      output.socket.on('error', () => output.socket.destroy());
      output.socket.on('data', (chunk: Buffer) => {
        this.#receivedBytes.set(output, this.#received(output) + chunk.length);
        if (!call.send(...outputReply(output.name, chunk))) this.#setPaused(true);
      });
    }
  }

  /** Waits until all is sent that a command wrote before its end, and a little for what others still write for it. */
  async drain(): Promise<void> {
    if (this.#stdio.terminal !== undefined) return this.#drainTerminal(this.#stdio.terminal.master);
    await Promise.all(this.#stdio.outputs.map((output) => this.#drainPipe(output)));
  }

  #drainPipe(output: Output): Promise<void> {
    const { socket, fd } = output;
    if (socket.destroyed) return Promise.resolve();
    const owed = this.#received(output) + socket.readableLength + waitingBytes(fd);
    let [last, silentMs, passedMs] = [owed, 0, 0];
    const { promise, resolve } = new Deferred<void>();
    const timer = setInterval(() => {
      const received = this.#received(output);
      // A slow client may take as long as it likes.
      if (received < owed || this.#isPaused) return;
      passedMs += CHECK_INTERVAL_MS;
      silentMs = received === last ? silentMs + CHECK_INTERVAL_MS : 0;
      last = received;
      if (silentMs >= SILENCE_MS || passedMs >= AFTERMATH_MS) resolve();
    }, CHECK_INTERVAL_MS);
    socket.once('close', resolve);
    return promise.finally(() => clearInterval(timer));
  }

  async #drainTerminal(master: number): Promise<void> {
    const [{ socket }] = this.#stdio.outputs as [Output];
    while (!socket.destroyed && (socket.readableLength > 0 || hasInput(master))) {
      await sleep(TERMINAL_CHECK_INTERVAL_MS);
    }
  }

  #received(output: Output): number {
    return this.#receivedBytes.get(output) ?? 0;
  }

  #setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    for (const { socket } of this.#stdio.outputs) isPaused ? socket.pause() : socket.resume();
  }
}
