import { socketPathOfPort } from '@muvm/link';
import { EXEC_PORTS, FORWARD_PORTS, HOST_PORTS, LINK_PORTS } from '@muvm/protocol/contract';
import type { VsockPort } from './context-checks.ts';

/** All ports that the guest may listen on, and all that it may connect to, each with its socket in the run directory. */
export function vsockPorts(directory: string): VsockPort[] {
  const toGuest = [...Object.values(EXEC_PORTS), ...Object.values(LINK_PORTS), ...FORWARD_PORTS.toGuest];
  const toHost = [...Object.values(HOST_PORTS), ...FORWARD_PORTS.toHost];
  const row = (direction: VsockPort['direction']) => (port: number) => ({
    port,
    path: socketPathOfPort(directory, port),
    direction,
  });
  return [...toGuest.map(row('toGuest')), ...toHost.map(row('toHost'))];
}
