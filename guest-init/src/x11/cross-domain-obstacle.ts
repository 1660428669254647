import { reasonOf } from '@muvm/errors';
import {
  CAPSETS,
  CHANNEL_TYPES,
  CROSS_DOMAIN_CAPABILITIES,
  findRenderNode,
  openVirtgpu,
  VIRTIO_GPU_DRIVER,
} from '@muvm/virtgpu';

/** Why the GPU of this machine leads to no X server, as the end of a sentence. Undefined where it does. */
export function crossDomainObstacle(): string | undefined {
  const path = findRenderNode(VIRTIO_GPU_DRIVER);
  if (path === undefined) return 'the machine has no virtio-gpu';
  const { version, bytes, channels } = CROSS_DOMAIN_CAPABILITIES;
  try {
    using device = openVirtgpu(path);
    const offered = device.capabilities(CAPSETS.crossDomain, version, bytes).readUInt32LE(channels);
    return (offered & (1 << CHANNEL_TYPES.x11)) === 0 ? 'the VMM offers no way to an X server' : undefined;
  } catch (error) {
    return `its GPU has no cross-domain context: ${reasonOf(error)}`;
  }
}
