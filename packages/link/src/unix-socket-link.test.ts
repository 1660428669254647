import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { openClientSession, openServerSession } from './sessions.ts';
import { temporaryDirectory } from './testing/pairs.ts';
import { createUnixSocketLink, socketPathOfPort } from './unix-socket-link.ts';

describe('createUnixSocketLink()', () => {
  test('connects to a port that is listened on, and frees its path at the end', async () => {
    using directory = temporaryDirectory();
    const link = createUnixSocketLink(directory.path);
    link.listen(7, (stream) => stream.end('welcome'));
    expect(await text(await link.connect(7))).toBe('welcome');
    await link[Symbol.asyncDispose]();
    expect(existsSync(socketPathOfPort(directory.path, 7))).toBe(false);
  });

  test('tells at once that nobody listens', async () => {
    using directory = temporaryDirectory();
    await using link = createUnixSocketLink(directory.path);
    await expect(link.connect(9)).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'Cannot connect to port 9 as nobody listens there',
    });
  });

  test.each([
    [
      'that is taken and then dropped, as libkrun does',
      '',
      'REFUSED',
      'Cannot connect to port 9 as nobody listens there',
    ],
    ['without a greeting', 'SSH-2.0', 'PROTOCOL', 'Cannot connect to port 9 as what listens there does not greet'],
  ])('refuses a connection %s', async (_, firstBytes, code, message) => {
    using directory = temporaryDirectory();
    await using link = createUnixSocketLink(directory.path);
    const server = createServer((socket) => socket.end(firstBytes)).listen(socketPathOfPort(directory.path, 9));
    await once(server, 'listening');
    await expect(link.connect(9)).rejects.toMatchObject({ code, message });
    server.close();
  });

  test('gives up a connection that says nothing', async () => {
    using directory = temporaryDirectory();
    await using link = createUnixSocketLink(directory.path, 20);
    const server = createServer().listen(socketPathOfPort(directory.path, 9));
    await once(server, 'listening');
    await expect(link.connect(9)).rejects.toMatchObject({ code: 'TIMED_OUT' });
    server.close();
  });

  test('names a path that is taken', async () => {
    using directory = temporaryDirectory();
    await using link = createUnixSocketLink(directory.path);
    const path = socketPathOfPort(directory.path, 7);
    writeFileSync(path, '');
    expect(() => link.listen(7, () => {})).toThrow(`Cannot listen on "${path}" as something is there already`);
  });

  test('refuses a directory that others may use', () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o755);
    expect(() => createUnixSocketLink(directory.path)).toThrow('as its mode must be 700: current mode is 755');
  });

  test('carries an HTTP/2 session, whose first bytes may come with the greeting', async () => {
    using directory = temporaryDirectory();
    await using link = createUnixSocketLink(directory.path);
    link.listen(7, (stream) => openServerSession(stream, 'narrow'));
    const session = openClientSession(await link.connect(7), 'wide');
    await once(session, 'remoteSettings');
    session.destroy();
  });
});
