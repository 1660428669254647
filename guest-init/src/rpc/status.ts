import { type ErrorCode, toMuvmError } from '@muvm/errors';

/** https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export const GRPC_STATUS = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  PROTOCOL: GRPC_STATUS.invalidArgument,
  BOOT_FAILED: GRPC_STATUS.failedPrecondition,
  VM_ENDED: GRPC_STATUS.unavailable,
  TIMED_OUT: GRPC_STATUS.deadlineExceeded,
};

/** The trailers of a call that failed. */
export type GrpcFailure = Readonly<Record<string, string>>;

/** The trailers that carry any thrown value to the other side: its sentence, and in headers of ours its code and hint. */
export function grpcFailureOf(error: unknown): GrpcFailure {
  const { code, message, hint } = toMuvmError(error, 'INTERNAL', 'Cannot answer the call');
  return {
    'grpc-status': String(STATUS_OF_CODE[code] ?? GRPC_STATUS.internal),
    'grpc-message': encodeURI(message),
    'muvm-code': code,
    ...(hint === undefined ? {} : { 'muvm-hint': encodeURIComponent(hint) }),
  };
}
