import type { GuestStatus } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';
import type { Commands } from './commands.ts';
import { encodeStatus } from './guest-status.ts';

/** Sends the status at once and after each change, but never more than the client takes: changes in between are merged. */
export function watchStatus(call: Call, commands: Commands, status: () => GuestStatus): void {
  let isFull = false;
  let isStale = false;
  const tell = (): void => {
    isStale = isFull;
    if (!isFull) isFull = !call.send(encodeStatus(status()));
  };
  call.onDrain(() => {
    isFull = false;
    if (isStale) tell();
  });
  call.onGone(commands.onChange(tell));
  tell();
}
