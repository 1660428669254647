import type { OutgoingHttpHeaders } from 'node:http2';
import type { MuvmError } from '@muvm/errors';

// doc/statuscodes.md of gRPC
const UNAVAILABLE = 14;
const UNIMPLEMENTED = 12;

/** The trailers that end a call with one of our errors: the whole sentence for the user, and the code and hint beside it. */
export function trailersOf({ code, message, hint }: MuvmError): OutgoingHttpHeaders {
  return {
    'grpc-status': String(UNAVAILABLE),
    'grpc-message': percentEncoded(message),
    'muvm-code': code,
    ...(hint ? { 'muvm-hint': percentEncoded(hint) } : {}),
  };
}

/** The headers of an answer that is nothing but an end ("Trailers-Only" of PROTOCOL-HTTP2.md). */
export function trailersOnly(trailers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return { ':status': 200, 'content-type': 'application/grpc', ...trailers };
}

export const UNKNOWN_SERVICE: OutgoingHttpHeaders = trailersOnly({
  'grpc-status': String(UNIMPLEMENTED),
  'grpc-message': 'unknown service',
});

/** Percent-Encoded of PROTOCOL-HTTP2.md: printable ASCII stands for itself, all but the percent sign. */
function percentEncoded(text: string): string {
  return text.replace(/[^ -$&-~]+/gu, encodeURIComponent);
}
