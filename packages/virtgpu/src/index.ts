/**
 * A virtio-gpu as programs of the guest use it: its ioctls, one wrapper each, behind an interface that a test's own device
 * can have too; and connections to servers of the host through one of its contexts.
 *
 * Source: drm/virtgpu_drm.h and drm/drm.h of Linux.
 */
export {
  CHANNEL_TYPES,
  type ChannelMessage,
  CROSS_DOMAIN_CAPABILITIES,
  CrossDomainChannel,
  IDENTIFIER_TYPES,
  type Identifier,
  RECEIVE_DATA_BYTES_MAX,
  type ReceivedIdentifier,
  SEND_DATA_BYTES_MAX,
  TRANSFER,
} from './cross-domain/index.ts';
export { openVirtgpu } from './open-device.ts';
export { findRenderNode, VIRTIO_GPU_DRIVER } from './render-node.ts';
export {
  BLOB_FLAGS,
  type Blob,
  type BlobOptions,
  CAPSETS,
  type ContextParameters,
  type ExecuteOptions,
  VIRTGPU_PARAMETERS,
  type Virtgpu,
} from './virtgpu.ts';
