import { socketPathOfPort } from '@muvm/link';
import { EXEC_PORTS, STREAM_PORTS } from '@muvm/protocol/contract';
import type { VsockPort } from './context-checks.ts';

/** All ports that the guest listens on, each with its socket in the run directory. It connects to none of the host's. */
export function vsockPorts(directory: string): VsockPort[] {
  return [...Object.values(EXEC_PORTS), ...Object.values(STREAM_PORTS)].map((port) => ({
    port,
    path: socketPathOfPort(directory, port),
    direction: 'toGuest',
  }));
}
