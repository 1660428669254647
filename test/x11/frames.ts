/**
 * Where messages begin in a whole stream, read in hindsight: everything is there, so nothing is held back and no state is kept
 * from piece to piece. It shares no code with the engine, which it is the measure of.
 */

/** A stretch of a stream. */
export interface Frame {
  readonly at: number;
  readonly length: number;
}

/** A request; they are counted from 1. */
export interface Request extends Frame {
  readonly opcode: number;
  readonly minor: number;
  readonly isBig: boolean;
}

export interface ClientFrames {
  readonly isLittle: boolean;
  readonly setup: Frame;
  readonly requests: readonly Request[];
  /** What follows the last whole request. */
  readonly rest: Frame;
  /** Why nothing of the rest can be a request. */
  readonly fault: string | undefined;
}

/** A reply, an error or an event. */
export interface Message extends Frame {
  readonly kind: 'error' | 'reply' | 'event';
  /** As it stands there: 16 bits. */
  readonly sequence: number;
}

export interface ServerFrames {
  readonly setup: Frame;
  readonly isAccepted: boolean;
  readonly messages: readonly Message[];
  readonly rest: Frame;
}

/** Reads numbers, in the byte order of a client. */
export function numbersOf(bytes: Buffer, isLittle: boolean) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    u16: (at: number) => view.getUint16(at, isLittle),
    u32: (at: number) => view.getUint32(at, isLittle),
  };
}

const fill = (length: number) => Math.ceil(length / 4) * 4;

/** Undefined where the setup is not whole. @param bigOpcode of BIG-REQUESTS */
export function clientFrames(bytes: Buffer, bigOpcode: number | undefined): ClientFrames | undefined {
  if (bytes.length < 12) return undefined;
  const isLittle = bytes[0] === 'l'.charCodeAt(0);
  const { u16, u32 } = numbersOf(bytes, isLittle);
  const setup = { at: 0, length: 12 + fill(u16(6)) + fill(u16(8)) };
  if (bytes.length < setup.length) return undefined;
  const requests: Request[] = [];
  let at = setup.length;
  let mayBeBig = false;
  const done = (fault?: string) => ({ isLittle, setup, requests, rest: { at, length: bytes.length - at }, fault });
  while (bytes.length - at >= 4) {
    const isBig = u16(at + 2) === 0;
    if (isBig && !mayBeBig) return done('no length');
    if (isBig && bytes.length - at < 8) break;
    const length = 4 * (isBig ? u32(at + 4) : u16(at + 2));
    if (isBig && length < 8) return done('less than its header');
    if (at + length > bytes.length) break;
    const request = { at, length, isBig, opcode: bytes.readUInt8(at), minor: bytes.readUInt8(at + 1) };
    requests.push(request);
    mayBeBig ||= request.opcode === bigOpcode && request.minor === 0 && length === 4;
    at += length;
  }
  return done();
}

/** Undefined where the answer to the setup is not whole. */
export function serverFrames(bytes: Buffer, isLittle: boolean): ServerFrames | undefined {
  if (bytes.length < 8) return undefined;
  const { u16, u32 } = numbersOf(bytes, isLittle);
  const setup = { at: 0, length: 8 + 4 * u16(6) };
  if (bytes.length < setup.length) return undefined;
  const isAccepted = bytes[0] === 1;
  const messages: Message[] = [];
  let at = setup.length;
  while (isAccepted && bytes.length - at >= 32) {
    const code = bytes.readUInt8(at);
    const kind = code === 0 ? 'error' : code === 1 ? 'reply' : 'event';
    const isLong = kind === 'reply' || code % 128 === 35;
    const length = 32 + (isLong ? 4 * u32(at + 4) : 0);
    if (at + length > bytes.length) break;
    messages.push({ at, length, kind, sequence: u16(at + 2) });
    at += length;
  }
  return { setup, isAccepted, messages, rest: { at, length: bytes.length - at } };
}
