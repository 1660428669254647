import type { Socket } from 'node:net';
import type { Call } from '../rpc/index.ts';

/** VEOF of the usual terminal settings, Ctrl-D. */
const END_OF_FILE = '\x04';

/** Takes what the client types or sends to the command. A command that reads no more is no error: the rest is dropped. */
export class Input {
  readonly #socket: Socket;
  readonly #call: Call;
  readonly #isTerminal: boolean;
  #hasEnded = false;

  constructor(socket: Socket, call: Call, isTerminal: boolean) {
    this.#socket = socket;
    this.#call = call;
    this.#isTerminal = isTerminal;
    socket.on('error', () => socket.destroy());
    socket.on('drain', () => call.resume());
    socket.once('close', () => call.resume());
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  write(chunk: Buffer): void {
    if (this.#socket.writable && !this.#socket.write(chunk)) this.#call.pause();
  }

  /** Closes a pipe; a terminal stays and passes the end of the file on as the key for it. */
  end(): void {
    this.#hasEnded = true;
    if (!this.#socket.writable) return;
    if (this.#isTerminal) this.#socket.write(END_OF_FILE);
    else this.#socket.end();
  }
}
