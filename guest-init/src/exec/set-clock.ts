import { MuvmError } from '@muvm/errors';
import { type Identity, SetClockReply, SetClockRequest } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';

// 1 January 2100: what lies beyond is a mistake of the other side.
const UNIX_MS_MAX = 4_102_444_800_000;

/** Sets the clock of the machine, for root alone. */
export function setClock(bytes: Buffer, call: Call, identity: Identity, set: (unixMs: number) => void): void {
  const { unixMs } = SetClockRequest.decode(bytes);
  if (identity !== 'root') throw new MuvmError('PROTOCOL', 'Cannot set the clock as the user, only as root');
  if (!(unixMs > 0 && unixMs < UNIX_MS_MAX)) {
    throw new MuvmError('PROTOCOL', `Cannot set the clock to ${unixMs} as it must be from 0 to ${UNIX_MS_MAX}`);
  }
  set(unixMs);
  call.send(SetClockReply.encode({}).finish());
  call.finish();
}
