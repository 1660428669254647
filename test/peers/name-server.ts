import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

// RFC 1035, section 4: a header of 12 bytes, then the question: labels, type and class of 2 bytes each.
const HEADER_BYTES = 12;
const QUESTION_TAIL_BYTES = 4;
const FLAGS = { answer: 0x8400, nameError: 0x8403 } as const;
const TYPE_A = 1;
const TTL_S = 60;

/** Serves names over UDP: the address that a name has, if it has one, is all that it knows. */
export async function serveNames(address: string, addressOf: (name: string) => string | undefined): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from: RemoteInfo) => {
    const reply = query.length > HEADER_BYTES ? answerTo(query, addressOf) : undefined;
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.bind(53, address);
  await once(socket, 'listening');
}

function answerTo(query: Buffer, addressOf: (name: string) => string | undefined): Buffer {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(HEADER_BYTES, at + 1 + QUESTION_TAIL_BYTES);
  const found = addressOf(labels.join('.').toLowerCase());
  const isAsked = query.readUInt16BE(at + 1) === TYPE_A;
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(found ? FLAGS.answer : FLAGS.nameError, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found && isAsked ? 1 : 0, 6);
  return Buffer.concat([header, question, ...(found && isAsked ? [record(found)] : [])]);
}

/** The name as a pointer to the question, then type, class, time to live, length, address. */
function record(address: string): Buffer {
  const bytes = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, TTL_S, 0, 4]);
  return Buffer.concat([bytes, Buffer.from(address.split('.').map(Number))]);
}
