import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Link, Listener } from '@muvm/link';
import { forwardSockets, guestSockets, pulseSocket } from './index.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-sockets-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const shared = (hostPath: string, guestPath = '/run/x.sock') => ({ hostPath, guestPath, isOptional: false });

/** A link whose other side echoes on every port, and from where streams can be sent in. */
class EchoLink implements Link {
  readonly listeners = new Map<number, (stream: Duplex) => void>();
  readonly connected: number[] = [];

  connect(port: number): Promise<Duplex> {
    this.connected.push(port);
    return Promise.resolve(new PassThrough());
  }

  listen(port: number, onConnection: (stream: Duplex) => void): Listener {
    this.listeners.set(port, onConnection);
    return { port, [Symbol.asyncDispose]: async () => void this.listeners.delete(port) };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

describe('forwardSockets()', () => {
  test('makes a published socket, for the user alone, and removes it at the end', async () => {
    const path = join(directory, 'published.sock');
    const link = new EchoLink();
    const files: string[] = [];
    const forwards = await forwardSockets(link, { forwardedSockets: [], publishedSockets: [shared(path)] }, (file) =>
      files.push(file),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const socket = createConnection({ path });
    socket.end('to the guest and back');
    expect(String(await buffer(socket))).toBe('to the guest and back');
    expect({ files, connected: link.connected }).toEqual({ files: [path], connected: [51_000] });
    await forwards[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  test('leads each stream of a port to its socket', async () => {
    const path = join(directory, 'server.sock');
    const server = createServer((socket) => socket.end('from the host')).listen(path);
    const link = new EchoLink();
    const forwards = await forwardSockets(link, { forwardedSockets: [shared(path)], publishedSockets: [] }, () => {});
    const [near, far] = await streamPair();
    link.listeners.get(50_000)?.(far);
    expect(String(await buffer(near))).toBe('from the host');
    await forwards[Symbol.asyncDispose]();
    expect(link.listeners.size).toBe(0);
    server.close();
  });

  test('names a path that is taken, and leaves nothing', async () => {
    const [first, taken] = [join(directory, 'first.sock'), join(directory, 'taken')];
    writeFileSync(taken, '');
    const plan = { forwardedSockets: [], publishedSockets: [shared(first), shared(taken)] };
    await expect(forwardSockets(new EchoLink(), plan, () => {})).rejects.toMatchObject({
      code: 'RUN_DIRECTORY',
      message: `Cannot publish a socket of the guest as "${taken}": address already in use`,
    });
    expect([existsSync(first), existsSync(taken)]).toEqual([false, true]);
  });

  test('tells of a directory that is not there', async () => {
    const path = join(directory, 'closed', 'x.sock');
    const plan = { forwardedSockets: [], publishedSockets: [shared(path)] };
    await expect(forwardSockets(new EchoLink(), plan, () => {})).rejects.toMatchObject({ code: 'RUN_DIRECTORY' });
  });
});

/** Two ends of one stream. */
async function streamPair(): Promise<[Socket, Socket]> {
  const path = join(directory, 'pair.sock');
  const server = createServer().listen(path);
  const near = createConnection({ path });
  const [far] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [near, far];
}

test('guestSockets() gives each a port of its own, by its place in the list', () => {
  const plan = {
    forwardedSockets: [shared('/a', '/run/a'), shared('/b', '/run/b')],
    publishedSockets: [shared('/c', '/run/c')],
  };
  expect(guestSockets(plan)).toEqual({
    forwardedSockets: [
      { port: 50_000, path: '/run/a', isOptional: false },
      { port: 50_001, path: '/run/b', isOptional: false },
    ],
    publishedSockets: [{ port: 51_000, path: '/run/c', isOptional: false }],
  });
});

describe('pulseSocket()', () => {
  test.each([
    [{ XDG_RUNTIME_DIR: '/run/user/7' }, '/run/user/7/pulse/native'],
    [{ PULSE_SERVER: 'unix:/tmp/pulse.sock', XDG_RUNTIME_DIR: '/run/user/7' }, '/tmp/pulse.sock'],
    [{ PULSE_SERVER: '{abc}unix:/tmp/p tcp:host' }, '/tmp/p'],
    [{ PULSE_SERVER: '/tmp/p' }, '/tmp/p'],
    [{ PULSE_SERVER: 'tcp:host:4713', XDG_RUNTIME_DIR: '/run/user/7' }, undefined],
    [{ PULSE_SERVER: 'host' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (env, path) => expect(pulseSocket(env)).toBe(path));
});
