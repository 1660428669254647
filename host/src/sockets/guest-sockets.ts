import { type GuestConfig, type GuestSocket, SOCKET_PORTS } from '@muvm/protocol/contract';
import type { SharedSocket, VmPlan } from '../config/vm-plan.ts';

type Plan = Pick<VmPlan, 'forwardedSockets' | 'publishedSockets'>;

/** What the guest is told of the sockets of a plan. */
export function guestSockets(plan: Plan): Pick<GuestConfig, 'forwardedSockets' | 'publishedSockets'> {
  return {
    forwardedSockets: numbered(plan.forwardedSockets, SOCKET_PORTS.forwarded),
    publishedSockets: numbered(plan.publishedSockets, SOCKET_PORTS.published),
  };
}

function numbered(sockets: readonly SharedSocket[], first: number): GuestSocket[] {
  return sockets.map(({ guestPath, isOptional }, index) => ({ port: first + index, path: guestPath, isOptional }));
}
