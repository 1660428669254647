import { MuvmError } from '@muvm/errors';
import { IDENTITY_HEADER, type Identity } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';

/** The identity that the supervisor wrote into the headers of a call, where one session serves both. */
export function identityFromHeader(call: Call): Identity {
  const identity = call.headers[IDENTITY_HEADER];
  if (identity === 'user' || identity === 'root') return identity;
  throw new MuvmError('PROTOCOL', `Cannot serve a call whose header "${IDENTITY_HEADER}" is neither "user" nor "root"`);
}
