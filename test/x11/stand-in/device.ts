import { closeSync, existsSync } from 'node:fs';
import { connectUnix, EPOLL_EVENTS, Epoll, receiveMessage, setNonblocking } from '@muvm/linux';
import {
  type BlobOptions,
  CHANNEL_TYPES,
  CROSS_DOMAIN_CAPABILITIES,
  type ExecuteOptions,
  type Virtgpu,
} from '@muvm/virtgpu';
import { Blobs } from './blobs.ts';
import { type Commands, executeAll } from './commands.ts';
import { HostFutexes } from './futexes.ts';
import { Items } from './items.ts';
import { sendAll } from './send-all.ts';

const HEADER_BYTES = 352;
const RING_BYTES = 4096;
const RECEIVE = 5;
const FUTEX_SIGNAL = 9;

/**
 * Does in one process what the GPU of a machine and its VMM do for a cross-domain context: the guest's half is called like
 * the device, the host's half is connected with a socket. What the VMM does not tell, this does not tell either.
 *
 * @param path of the socket that the channel leads to
 */
export function createStandIn(path: string, futexes: 'shared' | 'apart' = 'shared'): StandInDevice {
  return new StandInDevice(path, futexes);
}

export class StandInDevice implements Virtgpu {
  readonly #path: string;
  readonly #items = new Items();
  readonly #blobs = new Blobs((id) => this.#items.take(id));
  readonly #futexes: HostFutexes;
  readonly #epoll = new Epoll();
  readonly #received = Buffer.alloc(RING_BYTES - HEADER_BYTES);
  #channelRing: Buffer | undefined;
  #socket: number | undefined;
  #isPolled = false;
  #isListening = false;

  constructor(path: string, futexes: 'shared' | 'apart') {
    this.#path = path;
    this.#futexes = new HostFutexes(futexes === 'apart');
  }

  get fd(): number {
    return this.#epoll.fd;
  }

  parameter(): number {
    return 1;
  }

  capabilities(): Buffer {
    const bytes = Buffer.alloc(CROSS_DOMAIN_CAPABILITIES.bytes);
    bytes.writeUInt32LE(existsSync(this.#path) ? 1 << CHANNEL_TYPES.x11 : 0, CROSS_DOMAIN_CAPABILITIES.channels);
    return bytes;
  }

  initContext(): void {}

  createBlob(options: BlobOptions) {
    return this.#blobs.create(options);
  }

  map(handle: number, bytes: number) {
    const memory = this.#blobs.map(handle, bytes);
    // The context has two rings, and only the one of the channel is mapped.
    this.#channelRing = memory.bytes;
    return memory;
  }

  execute(commands: Buffer, { ring }: ExecuteOptions = {}): void {
    executeAll(commands, this.#commands);
    if (ring !== 1) return;
    this.#isPolled = true;
    this.#listen(true);
  }

  readonly #commands: Commands = {
    init: () => this.#connect(),
    send: (data, identifiers) => {
      if (this.#socket === undefined) return;
      const descriptors = identifiers.map(({ id, type }) =>
        type === 5 ? this.#futexes.fileOf(id) : this.#blobs.byResource(id)?.fd,
      );
      // The VMM drops the whole message.
      if (descriptors.some((fd) => fd === undefined)) return;
      sendAll(this.#socket, data, descriptors as number[]);
    },
    futexNew: (file, id) => this.#futexes.add(file, id),
    futexSignal: (id) => this.#futexes.signal(id),
    futexDestroy: (id) => this.#futexes.destroy(id),
  };

  #connect(): void {
    try {
      this.#socket = connectUnix(this.#path);
      setNonblocking(this.#socket);
    } catch {
      // Which is told to nobody.
    }
  }

  /** The VMM looks at nothing before it is asked for the next message. */
  #listen(isListening: boolean): void {
    if (this.#isListening === isListening || this.#socket === undefined) return;
    this.#isListening = isListening;
    for (const fd of [this.#socket, this.#futexes.fd]) {
      if (isListening) this.#epoll.add(fd, EPOLL_EVENTS.in);
      else this.#epoll.remove(fd);
    }
  }

  readEvent(): boolean {
    if (!this.#isPolled || !this.#channelRing) {
      this.#listen(false);
      return false;
    }
    const woken = this.#futexes.take();
    if (woken === undefined && !this.#receive(this.#channelRing)) return false;
    if (woken !== undefined) writeFutexSignal(this.#channelRing, woken);
    // Most ask again at once; who does not is woken once in vain.
    this.#isPolled = false;
    return true;
  }

  #receive(ring: Buffer): boolean {
    const message = receiveMessage(this.#socket as number, this.#received);
    if (!message) return false;
    ring.fill(0, 0, HEADER_BYTES);
    ring[0] = RECEIVE;
    ring.writeUInt32LE(message.descriptors.length, 8);
    ring.writeUInt32LE(message.length, 12);
    for (const [index, fd] of message.descriptors.entries()) {
      const { id, type, sizeBytes } = this.#items.add(fd);
      ring.writeUInt32LE(id, 16 + 4 * index);
      ring.writeUInt32LE(type, 128 + 4 * index);
      ring.writeUInt32LE(sizeBytes, 240 + 4 * index);
    }
    this.#received.copy(ring, HEADER_BYTES, 0, message.length);
    return true;
  }

  exportHandle(handle: number): number {
    return this.#blobs.export(handle);
  }

  importHandle(fd: number): number {
    return this.#blobs.import(fd);
  }

  resourceInfo(handle: number) {
    return this.#blobs.get(handle);
  }

  closeHandle(handle: number): void {
    this.#blobs.close(handle);
  }

  /** How many objects the context has, its two rings among them. */
  get blobCount(): number {
    return this.#blobs.size;
  }

  [Symbol.dispose](): void {
    this.#epoll[Symbol.dispose]();
    this.#futexes[Symbol.dispose]();
    this.#blobs[Symbol.dispose]();
    this.#items[Symbol.dispose]();
    if (this.#socket !== undefined) closeSync(this.#socket);
  }
}

function writeFutexSignal(ring: Buffer, id: number): void {
  ring.fill(0, 0, 16);
  ring[0] = FUTEX_SIGNAL;
  ring.writeUInt32LE(id, 8);
}
