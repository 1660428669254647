import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { connectSerialPort } from './connect-serial-port.ts';
import type { SessionTiming } from './keep-session.ts';
import { openClientSession, openServerSession } from './sessions.ts';
import { temporaryDirectory } from './testing/pairs.ts';

const FAST: SessionTiming = {
  firstProofTimeoutMs: 5000,
  proofTimeoutMs: 100,
  pauseMs: 1,
  pingIntervalMs: 10,
  pingTimeoutMs: 200,
};

/** Stands in for QEMU: takes the connections of one path, and answers each as `guest` does. */
async function servePort(path: string, guest: (socket: Socket, index: number) => void): Promise<Server> {
  let index = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    guest(socket, index++);
  }).listen(path);
  await once(server, 'listening');
  return server;
}

/** A guest that takes the bytes and never says a word. */
function zombie(socket: Socket): void {
  socket.resume();
}

function answer(socket: Socket): void {
  openServerSession(socket, 'narrow');
}

function startClient(path: string, timing: Partial<SessionTiming> = {}) {
  const stop = new AbortController();
  const downs: string[] = [];
  const ups: ClientHttp2Session[] = [];
  let wake = () => {};
  const ended = connectSerialPort(
    path,
    {
      establish: (socket) => openClientSession(socket, 'wide'),
      onUp: (session) => {
        ups.push(session);
        wake();
      },
      onDown: (reason) => {
        downs.push(reason);
        wake();
      },
    },
    stop.signal,
    { ...FAST, ...timing },
  );
  const until = async (condition: () => boolean) => {
    while (!condition())
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  const dispose = async () => {
    stop.abort();
    await ended;
  };
  return { ups, downs, until, [Symbol.asyncDispose]: dispose };
}

describe('connectSerialPort()', () => {
  test('waits for the path and hands out a session that was proved', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'port');
    await using client = startClient(path);
    const server = await servePort(path, answer);
    await client.until(() => client.ups.length === 1);
    expect(client.ups[0]?.remoteSettings.maxFrameSize).toBe(65_536);
    server.close();
  });

  test('gives up a guest that never answers, and tries again', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'port');
    const seen: number[] = [];
    const server = await servePort(path, (socket, index) => {
      seen.push(index);
      (index < 2 ? zombie : answer)(socket);
    });
    await using client = startClient(path, { firstProofTimeoutMs: 50, proofTimeoutMs: 50 });
    await client.until(() => client.ups.length === 1);
    expect(seen).toEqual([0, 1, 2]);
    expect(client.downs).toEqual([]);
    server.close();
  });

  test('starts another session when the last one ends, with the reason of its end', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'port');
    const sockets: Socket[] = [];
    const server = await servePort(path, (socket) => {
      sockets.push(socket);
      answer(socket);
    });
    await using client = startClient(path);
    for (let round = 1; round <= 5; round += 1) {
      await client.until(() => client.ups.length === round);
      sockets.at(-1)?.destroy();
    }
    await client.until(() => client.ups.length === 6);
    expect(client.downs).toHaveLength(5);
    expect(client.downs[0]).toBe('the guest ended the session');
    server.close();
  });

  test('ends a session whose guest has stopped answering', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'port');
    const sockets: Socket[] = [];
    const server = await servePort(path, (socket) => {
      sockets.push(socket);
      answer(socket);
    });
    await using client = startClient(path);
    await client.until(() => client.ups.length === 1);
    // What the host sends from here on is never read; the connection itself stays.
    sockets[0]?.removeAllListeners('close');
    (sockets[0] as unknown as { _handle: { readStop(): void } })._handle.readStop();
    await client.until(() => client.downs.length === 1);
    expect(client.downs[0]).toBe('HTTP/2 session gave no sign of life within 200 ms');
    server.close();
    sockets[0]?.destroy();
  });

  test('ends a session that speaks something else', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'port');
    const server = await servePort(path, (socket, index) => {
      if (index === 0) socket.end('SSH-2.0-muvm\r\n'.repeat(100));
      else answer(socket);
    });
    await using client = startClient(path);
    await client.until(() => client.ups.length === 1);
    expect(client.downs).toEqual([]);
    server.close();
  });

  test('ends with the signal while it waits for a path', async () => {
    using directory = temporaryDirectory();
    const client = startClient(join(directory.path, 'never'));
    await client[Symbol.asyncDispose]();
    expect(client.ups).toEqual([]);
  });
});
