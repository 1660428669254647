/** The structures that the ioctls take, as bytes. Addresses are those of buffers that outlive the call. */
import type { BlobOptions, ContextParameters } from './virtgpu.ts';

// asm-generic/fcntl.h; the same on x86-64 and aarch64.
const O_RDWR = 0o2;
const O_CLOEXEC = 0o2000000;

/** VIRTGPU_CONTEXT_PARAM_* and VIRTGPU_BLOB_MEM_* of drm/virtgpu_drm.h. */
const CONTEXT_PARAMETERS = { capsetId: 1, ringCount: 2, pollRingsMask: 3 } as const;
const BLOB_MEMORIES = { guest: 1, host3d: 2 } as const;

const EXECUTE_RING_INDEX = 4;

/** VIRTGPU_EVENT_FENCE_SIGNALED. */
const EVENT_FENCE_SIGNALED = 0x9000_0000;

/** struct drm_event: 0 u32 type · 4 u32 length */
export const EVENT_BYTES = 8;

/** struct drm_virtgpu_getparam: 0 u64 parameter · 8 u64 address of an i32 */
export function encodeParameter(id: number, valueAddress: bigint): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(id, 0);
  bytes.writeBigUInt64LE(valueAddress, 8);
  return bytes;
}

/** struct drm_virtgpu_get_caps: 0 u32 set · 4 u32 version · 8 u64 address · 16 u32 bytes · 20 u32 padding */
export function encodeCapabilities(capsetId: number, version: number, address: bigint, bytesMax: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(capsetId, 0);
  bytes.writeUInt32LE(version, 4);
  bytes.writeBigUInt64LE(address, 8);
  bytes.writeUInt32LE(bytesMax, 16);
  return bytes;
}

/** An array of struct drm_virtgpu_context_set_param: 0 u64 parameter · 8 u64 value */
export function encodeContextParameters(parameters: ContextParameters): Buffer {
  const names = Object.keys(CONTEXT_PARAMETERS) as (keyof ContextParameters)[];
  const bytes = Buffer.alloc(names.length * 16);
  for (const [index, name] of names.entries()) {
    bytes.writeBigUInt64LE(BigInt(CONTEXT_PARAMETERS[name]), index * 16);
    bytes.writeBigUInt64LE(BigInt(parameters[name]), index * 16 + 8);
  }
  return bytes;
}

/** struct drm_virtgpu_context_init: 0 u32 count · 4 u32 padding · 8 u64 address of the parameters */
export function encodeContextInit(parameters: Buffer, address: bigint): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(parameters.length / 16, 0);
  bytes.writeBigUInt64LE(address, 8);
  return bytes;
}

/**
 * struct drm_virtgpu_resource_create_blob: 0 u32 memory · 4 u32 flags · 8 u32 handle (answer) · 12 u32 resource (answer) ·
 * 16 u64 size · 24 u32 padding · 28 u32 command bytes · 32 u64 command · 40 u64 blob
 */
export function encodeCreateBlob({ memory, flags, sizeBytes, blobId }: BlobOptions): Buffer {
  const bytes = Buffer.alloc(48);
  bytes.writeUInt32LE(BLOB_MEMORIES[memory], 0);
  bytes.writeUInt32LE(flags, 4);
  bytes.writeBigUInt64LE(BigInt(sizeBytes), 16);
  bytes.writeBigUInt64LE(blobId, 40);
  return bytes;
}

/** What the kernel has written into it. */
export function decodeCreateBlob(bytes: Buffer): { handle: number; resourceId: number } {
  return { handle: bytes.readUInt32LE(8), resourceId: bytes.readUInt32LE(12) };
}

/** struct drm_virtgpu_map: 0 u64 offset (answer) · 8 u32 handle · 12 u32 padding */
export function encodeMap(handle: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(handle, 8);
  return bytes;
}

export function decodeMap(bytes: Buffer): bigint {
  return bytes.readBigUInt64LE(0);
}

export interface ExecuteFields {
  readonly commandsAddress: bigint;
  readonly commandsBytes: number;
  readonly handlesAddress: bigint;
  readonly handleCount: number;
  readonly ring: number | undefined;
}

/**
 * The first part of struct drm_virtgpu_execbuffer: 0 u32 flags · 4 u32 bytes · 8 u64 commands · 16 u64 handles ·
 * 24 u32 count of handles · 28 i32 fence · 32 u32 ring · 36 u32 stride of what follows, which is none
 */
export function encodeExecute(fields: ExecuteFields): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt32LE(fields.ring === undefined ? 0 : EXECUTE_RING_INDEX, 0);
  bytes.writeUInt32LE(fields.commandsBytes, 4);
  bytes.writeBigUInt64LE(fields.commandsAddress, 8);
  bytes.writeBigUInt64LE(fields.handlesAddress, 16);
  bytes.writeUInt32LE(fields.handleCount, 24);
  bytes.writeInt32LE(-1, 28);
  bytes.writeUInt32LE(fields.ring ?? 0, 32);
  return bytes;
}

/** u32[] */
export function encodeHandles(handles: readonly number[]): Buffer {
  const bytes = Buffer.alloc(handles.length * 4);
  for (const [index, handle] of handles.entries()) bytes.writeUInt32LE(handle, index * 4);
  return bytes;
}

/** struct drm_prime_handle: 0 u32 handle (answer of an import) · 4 u32 flags · 8 i32 descriptor (answer of an export) */
export function encodePrime(fields: { readonly handle: number } | { readonly fd: number }): Buffer {
  const bytes = Buffer.alloc(12);
  if ('fd' in fields) {
    bytes.writeInt32LE(fields.fd, 8);
  } else {
    bytes.writeUInt32LE(fields.handle, 0);
    bytes.writeUInt32LE(O_RDWR | O_CLOEXEC, 4);
    bytes.writeInt32LE(-1, 8);
  }
  return bytes;
}

export function decodePrime(bytes: Buffer): { handle: number; fd: number } {
  return { handle: bytes.readUInt32LE(0), fd: bytes.readInt32LE(8) };
}

/** struct drm_virtgpu_resource_info: 0 u32 handle · 4 u32 resource (answer) · 8 u32 size (answer) · 12 u32 memory (answer) */
export function encodeResourceInfo(handle: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(handle, 0);
  return bytes;
}

export function decodeResourceInfo(bytes: Buffer): { resourceId: number; sizeBytes: number } {
  return { resourceId: bytes.readUInt32LE(4), sizeBytes: bytes.readUInt32LE(8) };
}

/** struct drm_gem_close: 0 u32 handle · 4 u32 padding */
export function encodeCloseHandle(handle: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(handle, 0);
  return bytes;
}

/** @throws RangeError for an event that is not a fence's */
export function checkEvent(bytes: Buffer): void {
  const type = bytes.length === EVENT_BYTES ? bytes.readUInt32LE(0) : undefined;
  if (type === EVENT_FENCE_SIGNALED && bytes.readUInt32LE(4) === EVENT_BYTES) return;
  const found = type === undefined ? `of ${bytes.length} bytes` : `of type 0x${type.toString(16)}`;
  throw new RangeError(`Cannot take an event ${found} as it must be that of a fence`);
}
