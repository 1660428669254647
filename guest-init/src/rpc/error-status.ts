import { type ErrorCode, toMuvmError } from '@muvm/errors';
import { errorTrailers, GRPC_STATUS, type Trailers } from '@muvm/grpc';

const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  PROTOCOL: GRPC_STATUS.INVALID_ARGUMENT,
  BOOT_FAILED: GRPC_STATUS.FAILED_PRECONDITION,
  VM_ENDED: GRPC_STATUS.UNAVAILABLE,
  TIMED_OUT: GRPC_STATUS.DEADLINE_EXCEEDED,
};

/** Returns the trailers of a call that failed with any thrown value. */
export function failureTrailers(error: unknown): Trailers {
  const failure = toMuvmError(error, 'INTERNAL', 'Cannot answer the call');
  return errorTrailers(failure, STATUS_OF_CODE[failure.code] ?? GRPC_STATUS.INTERNAL);
}
