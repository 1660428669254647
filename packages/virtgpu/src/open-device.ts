import { closeSync, constants, openSync, readSync } from 'node:fs';
import { addressOf, ioctl, mapShared } from '@muvm/linux';
import { VIRTGPU_IOCTLS } from './ioctls.ts';
import * as structures from './structures.ts';
import type { BlobOptions, ContextParameters, ExecuteOptions, Virtgpu } from './virtgpu.ts';

/** Opens a virtio-gpu by the path of its render node. OWNERSHIP: disposal closes it, and with it ends the context. */
export function openVirtgpu(path: string): Virtgpu {
  // Events are taken without a wait.
  return new Device(openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
}

class Device implements Virtgpu {
  readonly fd: number;
  /** What the argument of the call at hand points to: else it may be collected before the kernel has read it. */
  #pinned: Buffer[] = [];

  constructor(fd: number) {
    this.fd = fd;
  }

  parameter(id: number): number {
    const value = Buffer.alloc(4);
    this.#call('parameter', structures.encodeParameter(id, this.#pin(value)));
    return value.readInt32LE(0);
  }

  capabilities(capsetId: number, version: number, bytes: number): Buffer {
    const answer = Buffer.alloc(bytes);
    this.#call('capabilities', structures.encodeCapabilities(capsetId, version, this.#pin(answer), bytes));
    return answer;
  }

  initContext(parameters: ContextParameters): void {
    const encoded = structures.encodeContextParameters(parameters);
    this.#call('initContext', structures.encodeContextInit(encoded, this.#pin(encoded)));
  }

  createBlob(options: BlobOptions) {
    return structures.decodeCreateBlob(this.#call('createBlob', structures.encodeCreateBlob(options)));
  }

  map(handle: number, bytes: number) {
    const offset = structures.decodeMap(this.#call('map', structures.encodeMap(handle)));
    return mapShared(this.fd, bytes, offset);
  }

  execute(commands: Buffer, { ring, handles = [] }: ExecuteOptions = {}): void {
    const encodedHandles = structures.encodeHandles(handles);
    const argument = structures.encodeExecute({
      commandsAddress: this.#pin(commands),
      commandsBytes: commands.length,
      handlesAddress: handles.length === 0 ? 0n : this.#pin(encodedHandles),
      handleCount: handles.length,
      ring,
    });
    this.#call('execute', argument);
  }

  exportHandle(handle: number): number {
    return structures.decodePrime(this.#call('exportHandle', structures.encodePrime({ handle }))).fd;
  }

  importHandle(fd: number): number {
    return structures.decodePrime(this.#call('importHandle', structures.encodePrime({ fd }))).handle;
  }

  resourceInfo(handle: number) {
    return structures.decodeResourceInfo(this.#call('resourceInfo', structures.encodeResourceInfo(handle)));
  }

  closeHandle(handle: number): void {
    this.#call('closeHandle', structures.encodeCloseHandle(handle));
  }

  readEvent(): boolean {
    const event = Buffer.alloc(structures.EVENT_BYTES);
    try {
      structures.checkEvent(event.subarray(0, readSync(this.fd, event)));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }

  #pin(buffer: Buffer): bigint {
    this.#pinned.push(buffer);
    return addressOf(buffer);
  }

  /** @returns `argument`, in which the kernel has put its answer */
  #call(name: keyof typeof VIRTGPU_IOCTLS, argument: Buffer): Buffer {
    try {
      ioctl(this.fd, VIRTGPU_IOCTLS[name], argument);
      return argument;
    } finally {
      this.#pinned = [];
    }
  }
}
