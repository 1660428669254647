import { connect, type Socket } from 'node:net';
import { Deferred, delay } from '@muvm/lifetime';

/**
 * QEMU's control socket (QEMU Machine Protocol): JSON lines. QEMU greets, the client answers `qmp_capabilities`, then
 * each side speaks when it likes: commands with an `id` are answered with the same `id`, events come in between.
 */
export interface Qmp extends Disposable {
  /** @returns what QEMU answered. @throws Error with QEMU's description, or where it is gone */
  execute(command: string, args?: object): Promise<unknown>;
}

export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface QmpMessage extends Partial<QmpEvent> {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

const RETRY_MS = 20;
// QEMU's longest answers, such as the device tree, have less.
const LINE_BYTES_MAX = 8 * 1024 * 1024;

/** Connects, waiting until QEMU listens. @throws Error where the signal ends the wait */
export async function connectQmp(path: string, onEvent: (event: QmpEvent) => void, signal: AbortSignal): Promise<Qmp> {
  const socket = await connectWhenThere(path, signal);
  const session = new QmpSession(socket, onEvent);
  await session.execute('qmp_capabilities');
  return session;
}

async function connectWhenThere(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    signal.throwIfAborted();
    const socket = await tryConnect(path);
    if (socket) return socket;
    await delay(RETRY_MS, signal);
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

class QmpSession implements Qmp {
  readonly #socket: Socket;
  readonly #onEvent: (event: QmpEvent) => void;
  readonly #pending = new Map<number, Deferred<unknown>>();
  #nextId = 1;
  #rest = '';

  constructor(socket: Socket, onEvent: (event: QmpEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', () => {});
    socket.on('close', () => this.#failAll());
  }

  execute(command: string, args?: object): Promise<unknown> {
    const id = this.#nextId++;
    const answer = new Deferred<unknown>();
    if (this.#socket.destroyed) return Promise.reject(new Error('QEMU closed its control socket'));
    this.#pending.set(id, answer);
    this.#socket.write(`${JSON.stringify({ execute: command, id, ...(args ? { arguments: args } : {}) })}\n`);
    return answer.promise;
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LINE_BYTES_MAX) this.#socket.destroy();
    for (const line of lines) if (line.trim() !== '') this.#dispatch(JSON.parse(line) as QmpMessage);
  }

  #dispatch(message: QmpMessage): void {
    if (message.event !== undefined) {
      this.#onEvent({ event: message.event, ...(message.data ? { data: message.data } : {}) });
      return;
    }
    const answer = this.#pending.get(message.id ?? 0);
    this.#pending.delete(message.id ?? 0);
    if (message.error) answer?.reject(new Error(message.error.desc));
    else answer?.resolve(message.return);
  }

  #failAll(): void {
    for (const answer of this.#pending.values()) answer.reject(new Error('QEMU closed its control socket'));
    this.#pending.clear();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
