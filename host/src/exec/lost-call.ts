import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { type ErrorCode, isMuvmError, MuvmError, reasonOf } from '@muvm/errors';
import { decodeStatusText } from '@muvm/grpc';

/** How grpc-js begins the details where it could not connect, so that the call reached nobody. */
const NOT_CONNECTED = /^No connection established/;

/** The error of a call that ended without an answer: the finished sentence of the supervisor, else one of ours. */
export function lostCallError(error: unknown, vmName: string, started: boolean): MuvmError {
  if (isMuvmError(error)) return error;
  const { metadata, details } = error as Partial<ServiceError>;
  const code = metadata && text(metadata, 'muvm-code');
  if (metadata && code && details) {
    const hint = text(metadata, 'muvm-hint');
    return new MuvmError(code as ErrorCode, details, { hint: hint && decodeStatusText(hint), cause: error });
  }
  if (details !== undefined && NOT_CONNECTED.test(details)) {
    return new MuvmError('NOT_RUNNING', `Cannot reach VM "${vmName}"`, { cause: error });
  }
  if (details === undefined) return new MuvmError('INTERNAL', `Ended by a fault: ${reasonOf(error)}`, { cause: error });
  return new MuvmError(
    'VM_ENDED',
    `VM "${vmName}" ended ${started ? 'while the command ran' : 'before the command started'}`,
    {
      hint: `Look at "muvm --logs --name ${vmName}" to see why.`,
      cause: error,
    },
  );
}

function text(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : undefined;
}
