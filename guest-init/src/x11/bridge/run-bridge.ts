import { closeSync } from 'node:fs';
import { toMuvmError } from '@muvm/errors';
import { acceptConnection, sendMessage, setNonblocking } from '@muvm/linux';
import { CHANNEL_TYPES, CrossDomainChannel, type Virtgpu } from '@muvm/virtgpu';
import { setupFailure } from '@muvm/x11';
import { BridgedClient } from './bridged-client.ts';
import type { ClientFences } from './client-fences.ts';
import { Reactor } from './reactor.ts';

export interface BridgeOptions {
  /** A socket that is bound and listens. OWNERSHIP: the caller's */
  readonly listener: number;
  /** A fresh context of the GPU. @throws a system error */
  readonly openDevice: () => Virtgpu;
  /** The device that clients render with. OWNERSHIP: whoever gets the descriptor closes it */
  readonly openRenderNode: () => number;
  /** @param socket of the client, which tells who it is */
  readonly createFences: (channel: CrossDomainChannel, socket: number) => ClientFences;
  /** Told in a sentence why a client ended that was at fault, or could not be served. */
  readonly onProblem: (sentence: string) => void;
  /** Called after whatever happened. @returns after how long again, in ms, if nothing else happens */
  readonly afterTurn?: () => number | undefined;
}

/** As many as the X servers of the day take. */
const CLIENTS_MAX = 2048;
/** How long a client may take to introduce itself, and the server of the host to answer. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How long nobody is let in when this process or the machine has no descriptor left. */
const PAUSE_MS = 100;
/** What one read takes: about what goes into one message to the host. */
const BUFFER_BYTES = 64 * 1024;

/** Joins the X11 clients that connect with the server of the host. One thread that blocks: it never returns. */
export function runBridge(options: BridgeOptions): never {
  const bridge = new Bridge(options);
  for (;;) bridge.turn();
}

class Bridge {
  readonly #options: BridgeOptions;
  readonly #reactor = new Reactor();
  readonly #clients = new Set<BridgedClient>();
  /** Clients without an answer yet, in the order in which their time is over. */
  readonly #waiting = new Map<BridgedClient, number>();
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #resumeMs: number | undefined;
  #afterTurnMs: number | undefined;

  constructor(options: BridgeOptions) {
    this.#options = options;
    setNonblocking(options.listener);
    this.#listen();
  }

  turn(): void {
    this.#reactor.turn(this.#nextMs());
    this.#checkTimes(performance.now());
    this.#afterTurnMs = this.#options.afterTurn?.();
  }

  #listen(): void {
    this.#resumeMs = undefined;
    this.#reactor.add(this.#options.listener, { onEvents: () => this.#accept() });
  }

  #accept(): void {
    try {
      const socket = acceptConnection(this.#options.listener);
      if (socket !== undefined) this.#serve(socket);
    } catch (error) {
      // Who waits goes on waiting, and would wake this thread without end.
      this.#reactor.remove(this.#options.listener);
      this.#resumeMs = performance.now() + PAUSE_MS;
      this.#options.onProblem(toMuvmError(error, 'SYSTEM', 'Cannot let an X11 client in').message);
    }
  }

  #serve(socket: number): void {
    try {
      if (this.#clients.size >= CLIENTS_MAX) throw new Error(`there are ${CLIENTS_MAX} clients, which is the most`);
      const client = this.#join(socket);
      this.#clients.add(client);
      this.#waiting.set(client, performance.now() + ANSWER_TIMEOUT_MS);
    } catch (error) {
      const sentence = toMuvmError(error, 'REFUSED', 'Cannot reach the X server of the host').message;
      sayAtOnce(socket, sentence);
      closeSync(socket);
      this.#options.onProblem(sentence);
    }
  }

  /** OWNERSHIP: takes the socket, but not when it throws. */
  #join(socket: number): BridgedClient {
    const { openDevice, openRenderNode, createFences } = this.#options;
    const channel = new CrossDomainChannel(openDevice(), CHANNEL_TYPES.x11);
    try {
      const client: BridgedClient = new BridgedClient({
        reactor: this.#reactor,
        socket,
        channel,
        fences: createFences(channel, socket),
        openRenderNode,
        buffer: this.#buffer,
        onEnd: (error) => this.#end(client, error),
      });
      return client;
    } catch (error) {
      channel[Symbol.dispose]();
      throw error;
    }
  }

  #end(client: BridgedClient, error: unknown): void {
    this.#clients.delete(client);
    this.#waiting.delete(client);
    client[Symbol.dispose]();
    if (error === undefined || isOrdinaryEnd(error)) return;
    this.#options.onProblem(toMuvmError(error, 'SYSTEM', 'Cannot go on with an X11 client of the guest').message);
  }

  #nextMs(): number | undefined {
    const [firstMs] = this.#waiting.values();
    const times = [firstMs, this.#resumeMs].filter((ms) => ms !== undefined);
    const waits = times.map((ms) => Math.max(0, ms - performance.now()));
    if (this.#afterTurnMs !== undefined) waits.push(this.#afterTurnMs);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  #checkTimes(nowMs: number): void {
    if (this.#resumeMs !== undefined && this.#resumeMs <= nowMs) this.#listen();
    for (const [client, deadlineMs] of this.#waiting) {
      if (client.hasAnswer) this.#waiting.delete(client);
      else if (deadlineMs > nowMs) break;
      else {
        this.#waiting.delete(client);
        client.refuse(client.isSetUp ? 'muvm: no X server answers on the host' : 'muvm: the client said nothing');
      }
    }
  }
}

/** Clients show it to their users. It is short, and the socket is fresh: it fits or is lost. */
function sayAtOnce(socket: number, sentence: string): void {
  try {
    sendMessage(socket, setupFailure(`muvm: ${sentence}`));
  } catch {
    // The client is gone already.
  }
}

/** The client went away while something was written to it. */
function isOrdinaryEnd(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ECONNRESET';
}
