import { socketPathOfPort } from '@muvm/link';
import { EXEC_PORTS, STREAM_PORTS } from '@muvm/protocol/contract';
import type { VsockPort } from './context-checks.ts';
import type { Libkrun } from './library.ts';

/** All ports that the guest listens on, each with its socket in the run directory. It connects to none of the host's. */
export function vsockPorts(directory: string): VsockPort[] {
  return [...Object.values(EXEC_PORTS), ...Object.values(STREAM_PORTS)].map((port) => ({
    port,
    path: socketPathOfPort(directory, port),
    direction: 'toGuest',
  }));
}

// Well below the 32 KiB from which on the kernel takes several pieces of memory, its header included.
const SMALL_PACKET_BYTES = 16 * 1024;

/**
 * The largest packet that a libkrun takes, null where there is no limit. Up to 1.18.0 it drops one that is made of several
 * pieces of memory; 1.18.1, which does not, cannot be told from 1.18.0.
 *
 * Source: devices/src/virtio/vsock/packet.rs.
 */
export function vsockPacketBytes({ has }: Pick<Libkrun, 'has'>): number | null {
  return has('krun_disable_implicit_init') ? null : SMALL_PACKET_BYTES;
}
