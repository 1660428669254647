import type { Readable } from 'node:stream';
import { MuvmError, reasonOf } from '@muvm/errors';
import { LIMITS } from '@muvm/protocol/contract';
import type { ExecCall } from './call.ts';

/** A terminal that hung up, or that belongs to another job, has nothing more to say. */
const ENDED = 'EIO';

/**
 * Sends an input to the command until one of them ends, no faster than the command reads.
 *
 * @returns what stops it; the input then no longer keeps this process alive
 */
export function pumpInput(input: Readable, call: ExecCall, fail: (error: MuvmError) => void): () => void {
  const end = () => call.write({ event: { $case: 'stdinEnd', value: {} } });
  const send = (chunk: Buffer) => {
    let hasRoom = true;
    for (let start = 0; start < chunk.length; start += LIMITS.chunkBytes) {
      const value = chunk.subarray(start, start + LIMITS.chunkBytes);
      hasRoom = call.write({ event: { $case: 'stdin', value } });
    }
    if (!hasRoom) input.pause();
  };
  const proceed = () => input.resume();
  const failed = (error: Error) => {
    if ((error as NodeJS.ErrnoException).code === ENDED) end();
    else fail(new MuvmError('SYSTEM', `Cannot read standard input: ${reasonOf(error)}`, { cause: error }));
  };
  input.on('data', send).once('end', end).on('error', failed);
  call.on('drain', proceed);
  return () => {
    input.off('data', send).off('end', end).pause();
    call.off('drain', proceed);
    (input as { unref?: () => void }).unref?.();
  };
}
