import type { SharedMemory } from '@muvm/linux';

/** VIRTGPU_PARAM_* of drm/virtgpu_drm.h. Their values are 0 or 1, but for the mask: bit `1 << id` for each set. */
export const VIRTGPU_PARAMETERS = {
  features3d: 1,
  capsetQueryFix: 2,
  resourceBlob: 3,
  hostVisible: 4,
  crossDevice: 5,
  contextInit: 6,
  capsetMask: 7,
} as const;

/** VIRTIO_GPU_CAPSET_* of linux/virtio_gpu.h and of virglrenderer: what a context may be about. */
export const CAPSETS = { virgl: 1, virgl2: 2, gfxstream: 3, venus: 4, crossDomain: 5, drm: 6 } as const;

/** VIRTGPU_BLOB_FLAG_* of drm/virtgpu_drm.h. */
export const BLOB_FLAGS = { mappable: 1, shareable: 2, crossDevice: 4 } as const;

export interface ContextParameters {
  /** One of {@link CAPSETS}. */
  readonly capsetId: number;
  /** At most 64. */
  readonly ringCount: number;
  /** Bit `1 << ring` for each ring whose fences become events. */
  readonly pollRingsMask: number;
}

export interface BlobOptions {
  /** Memory of the guest that the host sees, or memory of the host. */
  readonly memory: 'guest' | 'host3d';
  /** A sum of {@link BLOB_FLAGS}. */
  readonly flags: number;
  /** More than 0. The kernel rounds up to whole pages. */
  readonly sizeBytes: number;
  /** What of the host's it is. 0 for memory of the guest. */
  readonly blobId: bigint;
}

export interface Blob {
  /** By which the open device knows it. */
  readonly handle: number;
  /** By which the host knows it, and messages name it. */
  readonly resourceId: number;
}

export interface ExecuteOptions {
  /** The ring whose fence tells of the end, as an event where the ring is polled. Without it there is no fence. */
  readonly ring?: number;
  /** Objects that the commands use. */
  readonly handles?: readonly number[];
}

/**
 * One open virtio-gpu, which is one context on the host. What the host makes of commands and blobs is not told: an ioctl
 * that succeeds was queued. All throw a system error whose `syscall` is the ioctl's name.
 *
 * Source: drm/virtgpu_drm.h, drm/drm.h, and drivers/gpu/drm/virtio of Linux.
 */
export interface Virtgpu extends Disposable {
  /** For epoll(7): readable once an event waits. */
  readonly fd: number;
  /** One of {@link VIRTGPU_PARAMETERS}. EINVAL for one that the kernel does not know. */
  parameter(id: number): number;
  /** The first bytes of what the host tells about one of {@link CAPSETS}. EINVAL where it has none. */
  capabilities(capsetId: number, version: number, bytes: number): Buffer;
  /** Says what the context is about. The first of all but the questions above, and once: EEXIST. */
  initContext(parameters: ContextParameters): void;
  createBlob(options: BlobOptions): Blob;
  /** Maps an object. It lives on in the mapping when its handle is closed. EINVAL where the host has refused to make it. */
  map(handle: number, bytes: number): SharedMemory;
  /** Hands commands over, which are copied. ENOMEM with too many events that nobody takes (512). */
  execute(commands: Buffer, options?: ExecuteOptions): void;
  /** @returns a dma-buf, close-on-exec, that keeps the object alive. OWNERSHIP: the caller closes it */
  exportHandle(handle: number): number;
  /**
   * The handle of a dma-buf of this device; of anything else EINVAL. The same object has the same handle, and one
   * {@link closeHandle} ends it however often it was imported: whoever imports counts.
   */
  importHandle(fd: number): number;
  /** ENOENT for a handle that is not there. */
  resourceInfo(handle: number): { readonly resourceId: number; readonly sizeBytes: number };
  /** EINVAL for a handle that is not there. */
  closeHandle(handle: number): void;
  /** Takes one event. @returns false where none waits */
  readEvent(): boolean;
}
