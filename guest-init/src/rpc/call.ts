import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { MuvmError } from '@muvm/errors';
import { framePrefix, GRPC_STATUS, MessageReader, REPLY_HEADERS, statusTrailers, type Trailers } from '@muvm/grpc';
import { LIMITS } from '@muvm/protocol/contract';
import { failureTrailers } from './error-status.ts';

/** Replies that wait for the client: beyond it the sender is asked to pause. Half a window of the stream. */
const WAITING_BYTES_MAX = 512 * 1024;

/** How long a client may leave its half of an answered call open. */
const CLOSE_GRACE_MS = 5000;

interface Listener {
  /** One message of the client. */
  message(bytes: Buffer): void;
  /** The client has said all. */
  end(): void;
}

/** One gRPC call: messages come in and go out, each side with back-pressure, until a status ends it. */
export class Call {
  readonly headers: IncomingHttpHeaders;
  readonly #stream: ServerHttp2Stream;
  #trailers: Trailers | undefined;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.#stream = stream;
    this.headers = headers;
    // 'close' follows and says all there is to say.
    stream.on('error', () => {});
    stream.once('wantTrailers', () => stream.sendTrailers(this.#trailers ?? statusTrailers(GRPC_STATUS.OK)));
  }

  /** Whether a status was given or the client has gone. */
  get isOver(): boolean {
    return this.#trailers !== undefined || this.#stream.destroyed || this.#stream.aborted;
  }

  /** Hands the messages of the client on. What a listener throws ends the call with that as its status. */
  listen(listener: Listener): void {
    const reader = new MessageReader(LIMITS.messageBytes);
    const guarded = (step: () => void) => {
      if (this.isOver) return;
      try {
        step();
      } catch (error) {
        this.fail(error);
      }
    };
    this.#stream.on('data', (chunk: Buffer) =>
      guarded(() => {
        for (const message of reader.push(chunk)) if (!this.isOver) listener.message(message);
      }),
    );
    this.#stream.once('end', () =>
      guarded(() => {
        if (!reader.isBetweenMessages) throw new MuvmError('PROTOCOL', 'Cannot read half a message');
        listener.end();
      }),
    );
  }

  /** Stops and goes on with the messages of the client. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Sends one message, given in parts that are not copied. False asks to pause until `onDrain`. */
  send(...parts: readonly Uint8Array[]): boolean {
    if (this.isOver) return true;
    const stream = this.#stream;
    this.#respond();
    stream.cork();
    stream.write(framePrefix(parts.reduce((sum, part) => sum + part.length, 0)));
    for (const part of parts) stream.write(part);
    stream.uncork();
    return stream.writableLength < WAITING_BYTES_MAX;
  }

  /** Calls each time all that was sent has left. */
  onDrain(callback: () => void): void {
    this.#stream.on('drain', callback);
  }

  /** Calls once, when the client went away before the call had its status. */
  onGone(callback: () => void): void {
    this.#stream.once('close', () => {
      if (this.#trailers === undefined) callback();
    });
  }

  /** Ends the call well. */
  finish(): void {
    this.#end(statusTrailers(GRPC_STATUS.OK));
  }

  /** Ends the call with the status that tells of `error`. */
  fail(error: unknown): void {
    this.#end(failureTrailers(error));
  }

  #respond(): void {
    if (!this.#stream.headersSent) this.#stream.respond(REPLY_HEADERS, { waitForTrailers: true });
  }

  #end(trailers: Trailers): void {
    if (this.isOver) return;
    this.#trailers = trailers;
    this.#respond();
    this.#stream.end();
    // What the client still sends is read and thrown away, or its half of the stream would never close.
    this.#stream.removeAllListeners('data').resume();
    const timer = setTimeout(() => this.#stream.close(), CLOSE_GRACE_MS).unref();
    this.#stream.once('close', () => clearTimeout(timer));
  }
}
