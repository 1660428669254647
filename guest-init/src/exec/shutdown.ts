import { MuvmError } from '@muvm/errors';
import { syncFileSystems } from '@muvm/linux';
import { ShutdownReply, ShutdownRequest } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';
import type { Commands } from './commands.ts';

/** Nobody waits longer for a machine to end. */
const GRACE_MS_MAX = 10 * 60 * 1000;

/** Ends every command, writes everything to disk, answers, and then calls `powerOff`. */
export async function shutDown(bytes: Buffer, call: Call, commands: Commands, powerOff: () => void): Promise<void> {
  const { graceMs } = ShutdownRequest.decode(bytes);
  if (graceMs > GRACE_MS_MAX) {
    throw new MuvmError('PROTOCOL', `Cannot wait ${graceMs} ms for the commands as it must be at most ${GRACE_MS_MAX}`);
  }
  await commands.endAll(graceMs);
  syncFileSystems();
  call.send(ShutdownReply.encode({}).finish());
  call.finish();
  powerOff();
}
