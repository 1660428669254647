import type { IncomingHttpHeaders } from 'node:http2';
import type { MuvmError } from '@muvm/errors';
import { decodeStatusText, encodeStatusText } from './status-text.ts';

/** https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export const GRPC_STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** How a call ended. */
export interface GrpcStatus {
  /** Any number of up to three digits, one of GRPC_STATUS if the server follows the specification. */
  readonly code: number;
  readonly message: string;
}

export type Trailers = Readonly<Record<string, string>>;

/** The headers of a request, except its path. */
export const REQUEST_HEADERS = { ':method': 'POST', 'content-type': 'application/grpc+proto', te: 'trailers' } as const;

/** The headers before the first message of a reply. */
export const REPLY_HEADERS = { ':status': 200, 'content-type': 'application/grpc+proto' } as const;

/** The trailers of a call that ends with a status without a message. */
export function statusTrailers(code: number): Trailers {
  return { 'grpc-status': String(code) };
}

/** The trailers of a call that ends with an error: the message as `grpc-message`, the code and hint as headers of muvm. */
export function errorTrailers({ code, message, hint }: MuvmError, status: number): Trailers {
  return {
    ...statusTrailers(status),
    'grpc-message': encodeStatusText(message),
    'muvm-code': code,
    ...(hint ? { 'muvm-hint': encodeStatusText(hint) } : {}),
  };
}

/**
 * Reads the status from the trailers of a reply, or from its headers if it has nothing else (Trailers-Only). The server is a
 * stranger: a status that is missing or malformed is UNKNOWN, with a message that says so.
 */
export function readStatus(headers: IncomingHttpHeaders): GrpcStatus {
  const code = headers['grpc-status'];
  if (code === undefined) return { code: GRPC_STATUS.UNKNOWN, message: 'grpc-status is missing' };
  if (!/^(?:0|[1-9]\d{0,2})$/.test(String(code))) {
    return { code: GRPC_STATUS.UNKNOWN, message: `grpc-status is malformed: "${decodeStatusText(String(code))}"` };
  }
  return { code: Number(code), message: decodeStatusText(String(headers['grpc-message'] ?? '')) };
}

/** `13 (INTERNAL): disk is full` */
export function describeStatus({ code, message }: GrpcStatus): string {
  const name = Object.entries(GRPC_STATUS).find(([, value]) => value === code)?.[0] ?? 'unknown code';
  return `${code} (${name})${message === '' ? '' : `: ${message}`}`;
}
