import { ExecReply } from '@muvm/protocol/contract';

// Key byte of a field of bytes: number << 3 | 2. The numbers are those of ExecReply in guest.proto.
const OUTPUT_KEY = { stdout: (2 << 3) | 2, stderr: (3 << 3) | 2 } as const;

/** An ExecReply with output, in parts, so that the output itself is not copied. */
export function outputReply(name: keyof typeof OUTPUT_KEY, chunk: Buffer): [Buffer, Buffer] {
  const head = [OUTPUT_KEY[name]];
  let rest = chunk.length;
  for (; rest > 0x7f; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  head.push(rest);
  return [Buffer.from(head), chunk];
}

/** Any other ExecReply. */
export function encodeReply(event: NonNullable<ExecReply['event']>): Uint8Array {
  return ExecReply.encode({ event }).finish();
}
