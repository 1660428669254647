import type { ExportedFile, SharedMemory } from '@muvm/linux';
import { BLOB_FLAGS, type Blob, CAPSETS, type Virtgpu } from '../virtgpu.ts';
import { type ChannelMessage, decodeChannelMessage } from './decode.ts';
import {
  encodeFutexDestroy,
  encodeFutexNew,
  encodeFutexSignal,
  encodeInit,
  encodePoll,
  encodeSend,
  type Identifier,
} from './encode.ts';
import { RING_BYTES, RINGS, SEND_BYTES_MAX } from './protocol.ts';

// Commands are copied while they are handed over, and pictures would fill the heap with theirs.
const SPACE = Buffer.allocUnsafeSlow(SEND_BYTES_MAX);

/** A connection to a server of the host through a context of a virtio-gpu. */
export class CrossDomainChannel implements Disposable {
  readonly #device: Virtgpu;
  readonly #ring: SharedMemory;
  #isPolling = false;

  /**
   * Whether anybody answers at the other end is not told: only that it does.
   *
   * @param device a fresh one. OWNERSHIP: taken, also when it throws
   * @param channelType of CHANNEL_TYPES
   * @throws a system error where the device has no such context
   */
  constructor(device: Virtgpu, channelType: number) {
    this.#device = device;
    try {
      device.initContext({ capsetId: CAPSETS.crossDomain, ringCount: RINGS.count, pollRingsMask: 1 << RINGS.channel });
      const [query, channel] = [this.#createRing(), this.#createRing()];
      this.#ring = device.map(channel.handle, RING_BYTES);
      device.execute(encodeInit({ query: query.resourceId, channel: channel.resourceId }, channelType));
      this.poll();
    } catch (error) {
      device[Symbol.dispose]();
      throw error;
    }
  }

  #createRing(): Blob {
    return this.#device.createBlob({ memory: 'guest', flags: BLOB_FLAGS.mappable, sizeBytes: RING_BYTES, blobId: 0n });
  }

  /** To wait on: readable when {@link receive} may have a message. */
  get fd(): number {
    return this.#device.fd;
  }

  /** Asks for the next message, once. Until then the host keeps them, and those who send them wait. */
  poll(): void {
    if (this.#isPolling) return;
    this.#device.execute(encodePoll(), { ring: RINGS.channel });
    this.#isPolling = true;
  }

  /** The message that was asked for; undefined where it has not come yet. The next one is to be asked for. */
  receive(): ChannelMessage | undefined {
    if (!this.#device.readEvent() || !this.#isPolling) return undefined;
    this.#isPolling = false;
    return decodeChannelMessage(this.#ring.bytes);
  }

  /** @param data 1 to SEND_DATA_BYTES_MAX bytes */
  send(data: Buffer, identifiers: readonly Identifier[] = []): void {
    this.#device.execute(encodeSend(data, identifiers, SPACE));
  }

  newFutex(file: ExportedFile, id: number): void {
    this.#device.execute(encodeFutexNew(file, id));
  }

  signalFutex(id: number): void {
    this.#device.execute(encodeFutexSignal(id));
  }

  destroyFutex(id: number): void {
    this.#device.execute(encodeFutexDestroy(id));
  }

  /** A buffer that came with a message, once. OWNERSHIP: the caller closes the descriptor */
  takeBuffer(id: number, sizeBytes: number): number {
    const flags = BLOB_FLAGS.mappable | BLOB_FLAGS.shareable;
    const { handle } = this.#device.createBlob({ memory: 'host3d', flags, sizeBytes, blobId: BigInt(id) });
    try {
      return this.#device.exportHandle(handle);
    } finally {
      this.#device.closeHandle(handle);
    }
  }

  /**
   * Makes buffers of this machine known to the host for as long as `use` runs, to be sent.
   *
   * @param use is given the number of the resource of each
   */
  withBuffers(descriptors: readonly number[], use: (resourceIds: readonly number[]) => void): void {
    // Descriptors of one and the same buffer have one and the same handle, which can be closed only once.
    const handles = new Set<number>();
    try {
      const resourceIds = descriptors.map((fd) => {
        const handle = this.#device.importHandle(fd);
        handles.add(handle);
        return this.#device.resourceInfo(handle).resourceId;
      });
      use(resourceIds);
    } finally {
      for (const handle of handles) this.#device.closeHandle(handle);
    }
  }

  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]();
    this.#device[Symbol.dispose]();
  }
}
