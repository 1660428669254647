/** What must come out of an engine in socket mode, told from the whole of what both sides said. */
import { type ClientFrames, clientFrames, type Message, numbersOf, type Request, serverFrames } from './frames.ts';

/** What an engine is to do with a connection. */
export interface Policy {
  readonly hidden: readonly string[];
  /** Of the server. */
  readonly opcodes: Readonly<Record<string, number>>;
}

/** Extensions that cannot cross in socket mode. */
export const HIDDEN = ['MIT-SHM', 'DRI2', 'DRI3'] as const;

/** Those that cannot cross where descriptors can. */
export const HIDDEN_FROM_GPU = ['MIT-SHM', 'DRI2'] as const;

export interface Expectation {
  /** What the server may read. */
  readonly toServer: Buffer;
  /** What the client may read. */
  readonly toClient: Buffer;
  readonly requests: number;
  /** Questions whose answers did not come before the end. */
  readonly openQuestions: number;
}

const QUERY_EXTENSION = 98;
const LIST_EXTENSIONS = 99;

interface Asked {
  readonly sequence: number;
  readonly opcode: number;
  readonly name: string;
}

/** What the server may read of what a client says. What is at fault, and all after it, is not to be passed on. */
export function expectedByServer(client: Buffer, said: ClientFrames, { hidden, opcodes }: Policy): Buffer {
  const blocked = hidden.map((name) => opcodes[name]);
  const toServer = Buffer.from(said.fault === undefined ? client : client.subarray(0, said.rest.at));
  // Of a request that is not whole the opcode may be passed on, with the length beside it.
  const begun = said.fault === undefined && said.rest.length >= 4 ? [said.rest.at] : [];
  for (const at of [...said.requests.map((request) => request.at), ...begun]) {
    if (blocked.includes(client[at])) toServer[at] = 0;
  }
  return toServer;
}

/** Undefined where the setup of either side is not whole. */
export function expectationOf(client: Buffer, server: Buffer, policy: Policy): Expectation | undefined {
  const { hidden, opcodes } = policy;
  const said = clientFrames(client, opcodes['BIG-REQUESTS']);
  const heard = said && serverFrames(server, said.isLittle);
  if (!said || !heard) return undefined;
  const asked = said.requests.flatMap((request, index) => questionOf(client, request, index + 1, said.isLittle));
  const { pieces, left } = answers(server, heard.messages, asked, { hidden, isLittle: said.isLittle });
  const accepted = [server.subarray(0, heard.setup.length), ...pieces, server.subarray(heard.rest.at)];
  return {
    toServer: expectedByServer(client, said, policy),
    toClient: heard.isAccepted ? Buffer.concat(accepted) : server,
    requests: said.requests.length,
    openQuestions: left,
  };
}

function questionOf(client: Buffer, request: Request, sequence: number, isLittle: boolean): Asked[] {
  const { opcode } = request;
  if (opcode === LIST_EXTENSIONS) return [{ sequence, opcode, name: '' }];
  if (opcode !== QUERY_EXTENSION) return [];
  const body = client.subarray(request.at + (request.isBig ? 8 : 4), request.at + request.length);
  const nameBytes = body.length < 4 ? 0 : numbersOf(body, isLittle).u16(0);
  const name = nameBytes <= body.length - 4 ? body.toString('latin1', 4, 4 + nameBytes) : '';
  return [{ sequence, opcode, name }];
}

function answers(
  server: Buffer,
  messages: readonly Message[],
  asked: readonly Asked[],
  { hidden, isLittle }: { readonly hidden: readonly string[]; readonly isLittle: boolean },
) {
  const byNumber = new Map(asked.map((question) => [question.sequence, question]));
  const pieces: Buffer[] = [];
  let full = 0;
  for (const { at, length, kind, sequence } of messages) {
    const bytes = server.subarray(at, at + length);
    const isNumbered = server[at] !== 11;
    // The full number of a request is the next one from the last that ends with these 16 bits.
    if (isNumbered) full += (sequence - full) & 0xffff;
    const question = kind === 'event' ? undefined : byNumber.get(full);
    if (question) byNumber.delete(full);
    pieces.push(kind === 'reply' && question ? answer(bytes, question, hidden, isLittle) : bytes);
  }
  return { pieces, left: byNumber.size };
}

function answer(reply: Buffer, { opcode, name }: Asked, hidden: readonly string[], isLittle: boolean): Buffer {
  if (opcode === LIST_EXTENSIONS) return listWithout(reply, hidden, isLittle);
  if (!hidden.includes(name)) return reply;
  return Buffer.concat([reply.subarray(0, 8), Buffer.alloc(4), reply.subarray(12)]);
}

function listWithout(reply: Buffer, hidden: readonly string[], isLittle: boolean): Buffer {
  let text = '';
  let count = 0;
  for (let at = 32, left = reply.readUInt8(1); left > 0; left -= 1) {
    const name = reply.toString('latin1', at + 1, at + 1 + reply.readUInt8(at));
    at += 1 + name.length;
    if (hidden.includes(name)) continue;
    text += String.fromCharCode(name.length) + name;
    count += 1;
  }
  const words = Math.ceil(text.length / 4);
  const changed = Buffer.concat([reply.subarray(0, 32), Buffer.from(text.padEnd(4 * words, '\0'), 'latin1')]);
  changed[1] = count;
  new DataView(changed.buffer, changed.byteOffset).setUint32(4, words, isLittle);
  return changed;
}
