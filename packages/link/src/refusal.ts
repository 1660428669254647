import { MuvmError } from '@muvm/errors';

/** Header of a refused CONNECT that says why, as one of the words below: text of the other side reaches no user. */
export const REASON_HEADER = 'muvm-reason';

const REASONS = {
  'not-connect': { status: 405, text: 'the other side takes CONNECT requests only' },
  'bad-port': { status: 400, text: 'the other side cannot read its number' },
  'nobody-listens': { status: 503, text: 'nobody listens there' },
  'too-many-streams': { status: 503, text: 'the other side has too many open streams' },
} as const;

export type Reason = keyof typeof REASONS;

export function statusOf(reason: Reason): number {
  return REASONS[reason].status;
}

export interface RefusedAnswer {
  readonly status: number | undefined;
  readonly reason: string | undefined;
}

/** The error for an answer that is not 200. */
export function refusalOf(port: number, { status, reason }: RefusedAnswer): MuvmError {
  const known = reason !== undefined && Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason] : undefined;
  return refused(port, known?.text ?? `the other side answered with status ${status}`);
}

export function refused(port: number, reason: string, cause?: unknown): MuvmError {
  return new MuvmError('REFUSED', `Cannot connect to port ${port} as ${reason}`, { cause });
}
