/** A blob of memory: `handle` names it in this context, `resourceId` in the whole machine and in messages to the host. */
export interface Blob {
  readonly handle: number;
  readonly resourceId: number;
}

/** Memory of a blob. Disposal unmaps it: the bytes must not be touched any more. */
export interface MappedBlob extends Disposable {
  readonly bytes: Buffer;
}

/**
 * One context of a virtio-gpu, which an open file of its render node is. Errors of system calls are thrown as system errors;
 * what the host makes of a command is told nowhere. Disposal closes it, and the host forgets all of it.
 */
export interface Virtgpu extends Disposable {
  /** To wait on: readable when there is an event to take. */
  readonly fd: number;
  /** A VIRTGPU_PARAM. */
  parameter(id: number): number;
  capabilities(capset: { readonly id: number; readonly version: number; readonly bytes: number }): Buffer;
  /** The first thing to do. */
  initContext(options: { readonly capsetId: number; readonly ringCount: number; readonly pollRingsMask: number }): void;
  /** @param blobId of something that the host offers; 0 for memory of this machine */
  createBlob(options: {
    readonly memory: 'guest' | 'host3d';
    readonly isShareable: boolean;
    readonly sizeBytes: number;
    readonly blobId: number;
  }): Blob;
  map(handle: number, sizeBytes: number): MappedBlob;
  /** Gives commands to the host, in the order of the calls. @param ring whose fence is to become an event */
  execute(commands: Buffer, ring?: number): void;
  /** A dma-buf of a blob, close-on-exec. OWNERSHIP: the caller closes it */
  exportHandle(handle: number): number;
  /** The same handle for the same dma-buf, which is to be closed once. */
  importHandle(fd: number): number;
  resourceIdOf(handle: number): number;
  closeHandle(handle: number): void;
  /** Takes one event. @returns whether there was one */
  takeEvent(): boolean;
}
