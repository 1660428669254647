import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashOfPieces, hashOfStream, writePieces } from './network-bytes.ts';

/** One thing to do with a server of the other side. */
export type Question =
  | { readonly kind: 'name'; readonly host: string; readonly family: 4 | 6 }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly text: string }
  | { readonly kind: 'udp'; readonly host: string; readonly port: number; readonly text: string }
  | { readonly kind: 'fetch'; readonly host: string; readonly port: number; readonly bytes: number }
  | { readonly kind: 'push'; readonly host: string; readonly port: number; readonly bytes: number };

// A datagram may be lost.
const DATAGRAMS_MAX = 5;
const DATAGRAM_WAIT_MS = 1500;
const CONNECT_TIMEOUT_MS = 15_000;

/** Asks one after the other. @returns an answer for each; what went wrong, as `error: CODE` */
export async function askAll(questions: readonly Question[]): Promise<string[]> {
  const answers: string[] = [];
  for (const question of questions) {
    answers.push(await ask(question).catch((error) => `error: ${error.code ?? error.message}`));
  }
  return answers;
}

// The server ends a connection first: the passt of 2023 loses the end of one whose client has ended its half before.
async function ask(question: Question): Promise<string> {
  if (question.kind === 'name') return (await lookup(question.host, question.family)).address;
  if (question.kind === 'udp') return askByDatagram(question);
  const socket = await dial(question.host, question.port);
  try {
    if (question.kind === 'tcp') {
      socket.write(`say ${question.text}\n`);
      return await text(socket);
    }
    return await (question.kind === 'fetch' ? fetchBytes : pushBytes)(socket, question.bytes);
  } finally {
    socket.destroy();
  }
}

async function fetchBytes(socket: Socket, bytes: number): Promise<string> {
  socket.write(`send ${bytes}\n`);
  return hashOfStream(socket);
}

/** @returns the hash that the server found, where it is ours */
async function pushBytes(socket: Socket, bytes: number): Promise<string> {
  socket.write(`take ${bytes}\n`);
  await writePieces(socket, bytes);
  const theirs = await text(socket);
  return theirs === hashOfPieces(bytes) ? theirs : `error: the server found ${theirs}`;
}

async function dial(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port });
  await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
  return socket;
}

async function askByDatagram({
  host,
  port,
  text: words,
}: {
  host: string;
  port: number;
  text: string;
}): Promise<string> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  try {
    const answered = once(socket, 'message') as Promise<[Buffer]>;
    for (let attempt = 1; attempt <= DATAGRAMS_MAX; attempt += 1) {
      socket.send(words, port, host);
      const waited = sleep(DATAGRAM_WAIT_MS, undefined);
      const answer = await Promise.race([answered, waited]);
      if (answer) return String(answer[0]);
    }
    return 'error: no answer';
  } finally {
    socket.close();
  }
}
