import type { ClientHttp2Session, ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { MuvmError, reasonOf } from '@muvm/errors';
import { Deferred, deadline } from '@muvm/lifetime';
import { abortable } from './abortable.ts';
import { acceptStreams, type OnConnection, type PortListener } from './accept-streams.ts';
import { dial } from './dial.ts';
import type { SessionEvents } from './keep-session.ts';
import { assertPort, type ConnectOptions, type Link, type Listener, type ListenOptions } from './link.ts';
import { refused } from './refusal.ts';
import { ResetBudget } from './reset-budget.ts';

/** Provides the sessions of one direction, one after another, until the signal aborts. */
export type SessionSource<Session> = (events: SessionEvents<Session>, signal: AbortSignal) => Promise<void>;

export interface SessionLinkOptions {
  /** Sessions in which this side opens streams. */
  readonly outgoing: SessionSource<ClientHttp2Session>;
  /** Sessions in which this side takes streams. */
  readonly incoming: SessionSource<ServerHttp2Session>;
  /** How long `connect` waits: for a session, and then for the other side's answer. */
  readonly connectTimeoutMs?: number | undefined;
  readonly streamsMax?: number | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

interface Outgoing {
  readonly session: ClientHttp2Session;
  readonly resets: ResetBudget;
}

/** A link over two HTTP/2 sessions, one for each direction, of which either may be lost and come back. */
export class SessionLink implements Link {
  /** Ends with the disposal, or with the error that made the link useless. */
  readonly ended: Promise<void>;
  readonly #listeners = new Map<number, PortListener>();
  readonly #stop = new AbortController();
  readonly #connectTimeoutMs: number;
  #outgoing = new Deferred<Outgoing>();

  constructor({ outgoing, incoming, connectTimeoutMs = CONNECT_TIMEOUT_MS, streamsMax }: SessionLinkOptions) {
    this.#connectTimeoutMs = connectTimeoutMs;
    const accept = (session: ServerHttp2Session) => acceptStreams(session, { listeners: this.#listeners, streamsMax });
    this.ended = Promise.all([
      outgoing({ onUp: (session) => this.#rise(session), onDown: () => {} }, this.#stop.signal),
      incoming({ onUp: accept, onDown: () => {} }, this.#stop.signal),
    ]).then(
      () => this.#end('the link is closed'),
      (error) => {
        this.#end(reasonOf(error));
        throw error;
      },
    );
    this.ended.catch(() => {});
  }

  async connect(port: number, { signal, allowHalfOpen }: ConnectOptions = {}): Promise<Duplex> {
    assertPort(port);
    const { session, resets } = await deadline(abortable(this.#nextOutgoing(port), signal), this.#connectTimeoutMs, {
      what: `Port ${port} cannot be reached: the link to the other side did not come up`,
    });
    return dial(session, port, { signal, resets, allowHalfOpen, timeoutMs: this.#connectTimeoutMs });
  }

  listen(port: number, onConnection: OnConnection, { allowHalfOpen }: ListenOptions = {}): Listener {
    assertPort(port);
    if (this.#listeners.has(port)) {
      throw new MuvmError('SYSTEM', `Cannot listen on port ${port} as this side listens there already`);
    }
    const listener = { onConnection, allowHalfOpen };
    this.#listeners.set(port, listener);
    return {
      port,
      [Symbol.asyncDispose]: async () => {
        if (this.#listeners.get(port) === listener) this.#listeners.delete(port);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.ended.catch(() => {});
  }

  async #nextOutgoing(port: number): Promise<Outgoing> {
    try {
      return await this.#outgoing.promise;
    } catch (error) {
      throw refused(port, reasonOf(error));
    }
  }

  #rise(session: ClientHttp2Session): void {
    const resets = new ResetBudget();
    const up = new Deferred<Outgoing>();
    up.resolve({ session, resets });
    // Those who wait already hold the old promise.
    this.#outgoing.resolve(up.promise);
    this.#outgoing = up;
    session.once('close', () => {
      resets.release();
      if (this.#outgoing === up) this.#outgoing = new Deferred();
    });
  }

  #end(reason: string): void {
    this.#stop.abort();
    this.#outgoing.reject(new Error(reason));
    this.#outgoing = new Deferred();
    this.#outgoing.reject(new Error(reason));
  }
}
