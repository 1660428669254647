import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Conversation, clientSetup, RequestFilter, ServerProbe, setupFailure } from '@muvm/x11';
import { joinClient } from './join-client.ts';
import { serverAddress, type X11Server } from './server-address.ts';
import { takeSetup } from './take-setup.ts';

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
  const connections: Socket[] = [];
  const path = await listen('guest', (socket) => {
    connections.push(socket);
    void joinClient(socket, server, (reason) => ends.push(reason));
  });
  const client = createConnection({ path });
  client.on('error', () => {});
  return { client, ends, connections };
}

const at = (path: string) => serverAddress(path) as X11Server;

/** Requests are counted by what comes out: the answer of the server is none. */
async function untilReceived(bytes: number): Promise<Buffer> {
  await untilTrue(() => received.length >= bytes);
  return received;
}

async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

/** What a client shows its user that was not let in. Byte 1 of the answer is the length of the reason. */
async function reasonToldTo(client: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of client) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  expect(answer[0]).toBe(0);
  return answer.toString('latin1', 8, 8 + (answer[1] as number));
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

  test('tells a client whose server is not there', async () => {
    const { client, ends } = await connectThrough(at(join(directory, 'none')));
    client.write(clientSetup(undefined));
    const reason = `Cannot reach the X server of DISPLAY "${directory}/none": no such file or directory`;
    expect(await reasonToldTo(client)).toBe(`muvm: ${reason}`);
    expect(ends).toEqual([reason]);
  });

  test('tells a client that the server refuses, in the words of the server', async () => {
    const path = await listen('x', (socket) => void socket.once('data', () => socket.end(setupFailure('No room'))));
    const { client, ends } = await connectThrough(at(path));
    client.write(clientSetup(undefined));
    const reason = `Cannot use the X server of DISPLAY "${path}" as it refuses the client: No room`;
    expect(await reasonToldTo(client)).toBe(`muvm: ${reason}`);
    expect(ends).toEqual([reason]);
  });

  test('lets no client in whom the server has let in, but not the questions about it', async () => {
    let connections = 0;
    const path = await listen('x', (socket) => {
      const isFirst = connections++ === 0;
      socket.once('data', () => (isFirst ? socket.write(SETUP_REPLY) : socket.end(setupFailure('No room'))));
    });
    const { client } = await connectThrough(at(path));
    client.write(clientSetup(undefined));
    expect(await reasonToldTo(client)).toContain('No room');
  });

  test('says nothing of a client that goes away before it has introduced itself', async () => {
    const { client, ends, connections } = await connectThrough(at(await listen('x', xServer)));
    client.write(clientSetup(undefined).subarray(0, 5));
    await untilTrue(() => connections.length === 1);
    client.destroy();
    await once(connections[0] as Socket, 'close');
    expect(ends).toEqual([]);
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
    const events = Buffer.alloc(320_000, 2);
    const path = await listen('x', (socket) => {
      xServer(socket);
      socket.on('data', () => received.length > 0 && socket.end(events));
    });
    const { client } = await connectThrough(at(path));
    client.write(clientSetup(undefined));
    await once(client, 'data');
    client.write(Buffer.from([127, 0, 1, 0]));
    const chunks: Buffer[] = [];
    for await (const chunk of client) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(events)).toBe(true);
  });
});

test('takeSetup() gives up a client that says nothing', async () => {
  const stream = new PassThrough();
  stream.write(clientSetup(undefined).subarray(0, 5));
  expect(await takeSetup(stream, new RequestFilter(new Conversation([])), 1)).toBeUndefined();
  expect(stream.destroyed).toBe(true);
});
