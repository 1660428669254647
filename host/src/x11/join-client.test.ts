import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clientSetup, ServerProbe } from '@muvm/x11';
import { joinClient } from './join-client.ts';
import { serverAddress, type X11Server } from './server-address.ts';

const SETUP_REPLY = Buffer.from([1, 0, 11, 0, 0, 0, 0, 0]);
const OPCODES = { 'MIT-SHM': 130, 'BIG-REQUESTS': 133 } as const;

let directory: string;
let servers: Server[];
let received: Buffer;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-x11-'));
  servers = [];
  received = Buffer.alloc(0);
});

afterEach(async () => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

async function listen(name: string, onConnection: (socket: Socket) => void): Promise<string> {
  const path = join(directory, name);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(path);
  servers.push(server);
  await once(server, 'listening');
  return path;
}

const questions = new ServerProbe(clientSetup(undefined), ['MIT-SHM', 'DRI2', 'DRI3', 'BIG-REQUESTS']).request.length;

/** Lets everybody in, answers the questions of a probe, and keeps what a client sends. */
function xServer(socket: Socket): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const isFirst = bytes.length === 0;
    bytes = Buffer.concat([bytes, chunk]);
    if (isFirst) socket.write(SETUP_REPLY);
    if (bytes.length === questions) socket.write(answers());
    else received = bytes.subarray(clientSetup(undefined).length);
  });
}

function answers(): Buffer {
  return Buffer.concat(
    ['MIT-SHM', 'DRI2', 'DRI3', 'BIG-REQUESTS'].map((name, index) => {
      const reply = Buffer.alloc(32);
      const opcode = OPCODES[name as keyof typeof OPCODES] ?? 0;
      reply.set([1, 0, index + 1, 0]);
      reply.set([opcode > 0 ? 1 : 0, opcode], 8);
      return reply;
    }),
  );
}

/** A client of the guest, and why it ended. */
async function connectThrough(server: X11Server) {
  const ends: string[] = [];
  const path = await listen('guest', (socket) => void joinClient(socket, server, (reason) => ends.push(reason)));
  const client = createConnection({ path });
  client.on('error', () => {});
  return { client, ends };
}

const at = (path: string) => serverAddress(path) as X11Server;

/** Requests are counted by what comes out: the answer of the server is none. */
async function untilReceived(bytes: number): Promise<Buffer> {
  while (received.length < bytes) await new Promise((resolve) => setImmediate(resolve));
  return received;
}

describe('joinClient()', () => {
  test('passes requests on, but none of a hidden extension', async () => {
    const { client, ends } = await connectThrough(at(await listen('x', xServer)));
    client.write(clientSetup(undefined));
    const [setupReply] = (await once(client, 'data')) as [Buffer];
    expect(setupReply.equals(SETUP_REPLY)).toBe(true);
    client.write(Buffer.from([43, 0, 1, 0, 130, 1, 1, 0, 131, 1, 1, 0]));
    expect([...(await untilReceived(12))]).toEqual([43, 0, 1, 0, 0, 1, 1, 0, 131, 1, 1, 0]);
    client.destroy();
    expect(ends).toEqual([]);
  });

  test('ends a client that sends nonsense, and tells why', async () => {
    const { client, ends } = await connectThrough(at(await listen('x', xServer)));
    client.resume().write('GET / HTTP/1.1\r\n\r\n');
    await once(client, 'close');
    expect(ends).toEqual(['Cannot use 71 as the byte order of an X11 client as it must be 66 or 108']);
  });

  test('ends a client whose requests have no length, and keeps them from the server', async () => {
    const { client, ends } = await connectThrough(at(await listen('x', xServer)));
    client.resume().write(Buffer.concat([clientSetup(undefined), Buffer.from([72, 0, 0, 0, 9, 0, 0, 0])]));
    await once(client, 'close');
    expect(ends).toEqual([expect.stringContaining('without BIG-REQUESTS')]);
    expect(received).toHaveLength(0);
  });

  test('ends a client whose server is not there, and tells which', async () => {
    const { client, ends } = await connectThrough(at(join(directory, 'none')));
    client.resume().write(clientSetup(undefined));
    await once(client, 'close');
    expect(ends).toEqual([`Cannot reach the X server of DISPLAY "${directory}/none": no such file or directory`]);
  });

  test('gives the server everything that a client wrote before it ended', async () => {
    const { client, ends } = await connectThrough(at(await listen('x', xServer)));
    const requests = Buffer.alloc(400_000);
    for (let index = 0; index < requests.length; index += 4) requests.set([127, 0, 1, 0], index);
    client.resume().end(Buffer.concat([clientSetup(undefined), requests]));
    expect((await untilReceived(requests.length)).equals(requests)).toBe(true);
    expect(ends).toEqual([]);
  });

  test('gives a client everything that the server wrote before it ended', async () => {
    const refusal = Buffer.concat([Buffer.from([0, 4, 11, 0, 0, 0, 1, 0]), Buffer.from('away')]);
    const path = await listen('x', (socket) => void socket.once('data', () => socket.end(refusal)));
    const { client } = await connectThrough(at(path));
    client.write(clientSetup(undefined));
    const chunks: Buffer[] = [];
    for await (const chunk of client) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(refusal)).toBe(true);
  });
});
