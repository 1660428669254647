import { closeSync, rmSync } from 'node:fs';
import {
  acceptConnection,
  listenUnix,
  type ReceivedMessage,
  receiveMessage,
  sendMessage,
  setNonblocking,
} from '@muvm/linux';
import { until } from './until.ts';

const MESSAGE_BYTES_MAX = 65_536;
const PATIENCE_MS = 120_000;

/** A message of text, with what came with it. OWNERSHIP: the server closes the descriptors when it is disposed of */
export interface TextMessage {
  readonly text: string;
  readonly descriptors: readonly number[];
}

/** A server of one client that takes and gives text with descriptors, on a Unix socket. */
export class MessageServer implements Disposable {
  readonly #path: string;
  readonly #opened: number[] = [];
  #client: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#opened.push(listenUnix(path));
    setNonblocking(this.#listener);
  }

  get #listener(): number {
    return this.#opened[0] as number;
  }

  /** The next message, of the client that is there or comes. @throws Error where none comes */
  async receive(): Promise<TextMessage> {
    const bytes = Buffer.alloc(MESSAGE_BYTES_MAX);
    let message: ReceivedMessage | undefined;
    const isThere = () => {
      message = this.#accept() === undefined ? undefined : receiveMessage(this.#client as number, bytes);
      return message !== undefined;
    };
    if (!(await until(isThere, PATIENCE_MS)) || message === undefined) throw new Error(`Nobody wrote to ${this.#path}`);
    this.#opened.push(...message.descriptors);
    return { text: bytes.toString('latin1', 0, message.length), descriptors: message.descriptors };
  }

  #accept(): number | undefined {
    if (this.#client !== undefined) return this.#client;
    this.#client = acceptConnection(this.#listener);
    if (this.#client !== undefined) this.#opened.push(this.#client);
    return this.#client;
  }

  /** @throws Error where no client is there, or it does not read */
  send(text: string, descriptors: readonly number[] = []): void {
    const sent = this.#client === undefined ? 0 : sendMessage(this.#client, Buffer.from(text), descriptors);
    if (sent !== text.length) throw new Error(`Nobody reads what is sent on ${this.#path}`);
  }

  [Symbol.dispose](): void {
    for (const fd of this.#opened.splice(0).reverse()) closeSync(fd);
    rmSync(this.#path, { force: true });
  }
}
