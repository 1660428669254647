import { type IoctlRequest, ioctlNumber } from '@muvm/linux';

const DRM_LETTER = 'd';

function request(name: string, direction: 'write' | 'readWrite', number: number, bytes: number): IoctlRequest {
  return { name, number: ioctlNumber(direction, DRM_LETTER, number, bytes) };
}

/**
 * The ioctls of a virtio-gpu, each with the bytes of its structure.
 *
 * Source: drm/virtgpu_drm.h and drm/drm.h of Linux. A structure may end early; the kernel takes zeros for the rest.
 */
export const VIRTGPU_IOCTLS = {
  map: request('VIRTGPU_MAP', 'readWrite', 0x41, 16),
  execute: request('VIRTGPU_EXECBUFFER', 'readWrite', 0x42, 40),
  parameter: request('VIRTGPU_GETPARAM', 'readWrite', 0x43, 16),
  resourceInfo: request('VIRTGPU_RESOURCE_INFO', 'readWrite', 0x45, 16),
  capabilities: request('VIRTGPU_GET_CAPS', 'readWrite', 0x49, 24),
  createBlob: request('VIRTGPU_RESOURCE_CREATE_BLOB', 'readWrite', 0x4a, 48),
  initContext: request('VIRTGPU_CONTEXT_INIT', 'readWrite', 0x4b, 16),
  closeHandle: request('GEM_CLOSE', 'write', 0x09, 8),
  exportHandle: request('PRIME_HANDLE_TO_FD', 'readWrite', 0x2d, 12),
  importHandle: request('PRIME_FD_TO_HANDLE', 'readWrite', 0x2e, 12),
} as const satisfies Readonly<Record<string, IoctlRequest>>;
