/**
 * Longest percent-encoded text in a header. A message and a hint of this length fit the 64 KiB that node:http2 accepts for all
 * headers of a call.
 */
export const STATUS_TEXT_BYTES_MAX = 8 * 1024;

/** Printable ASCII except the percent sign. */
const UNENCODED = /^[ -$&-~]$/;

/** Characters that a terminal or a log viewer would act on. */
const ACTIVE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/**
 * Percent-encodes a text for `grpc-message` (Status-Message of PROTOCOL-HTTP2.md) and cuts it after the last character that fits
 * STATUS_TEXT_BYTES_MAX. A lone surrogate becomes U+FFFD.
 */
export function encodeStatusText(text: string): string {
  let encoded = '';
  for (const character of text) {
    const next = UNENCODED.test(character) ? character : percentEncoded(character);
    // An outer space may still grow by two bytes on each side.
    if (encoded.length + next.length > STATUS_TEXT_BYTES_MAX - 4) break;
    encoded += next;
  }
  // HTTP/2 receivers drop a header whose value starts or ends with a space (RFC 9113, 8.2.1).
  return encoded.replace(/^ | $/g, '%20');
}

/**
 * Decodes a percent-encoded header of a stranger for people to read: at most STATUS_TEXT_BYTES_MAX characters, with U+FFFD for
 * each control character and for bytes that are not UTF-8. A broken percent sequence stays as it is.
 */
export function decodeStatusText(encoded: string): string {
  return encoded
    .slice(0, STATUS_TEXT_BYTES_MAX)
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
    .replace(ACTIVE, '\uFFFD');
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
