import { MuvmError } from '@muvm/errors';
import type { Exit, Refused } from '@muvm/protocol';

/** How a command ended. */
export type ExecEnd =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signalNumber: number }
  | ({ readonly how: 'refused' } & Refused)
  /** It was started and lives on without us. */
  | { readonly how: 'detached' }
  /** Nobody read its output any more, so that the call was given up. */
  | { readonly how: 'output-closed' };

/** @throws MuvmError PROTOCOL where the guest left the status out */
export function endOf({ how }: Exit): ExecEnd {
  switch (how?.$case) {
    case 'code':
      return { how: 'exited', code: how.value & 0xff };
    case 'signal':
      return { how: 'killed', signalNumber: how.value & 0x7f };
    default:
      throw new MuvmError('PROTOCOL', 'Guest sent an exit without a status');
  }
}
