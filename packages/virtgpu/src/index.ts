/** virtio-gpu as a program of the guest sees it: its device, and connections to the host through it. */
export {
  CAPSET,
  CHANNEL_TYPES,
  type ChannelMessage,
  CrossDomainChannel,
  type ExportedFile,
  IDENTIFIER_TYPES,
  type Identifier,
  type ReceivedIdentifier,
  SEND_DATA_BYTES_MAX,
  TRANSFER,
} from './cross-domain/index.ts';
export type { Blob, MappedBlob, Virtgpu } from './device.ts';
