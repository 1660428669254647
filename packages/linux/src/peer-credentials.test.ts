import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { peerCredentials } from './peer-credentials.ts';
import { createSocketPair } from './socket-pair.ts';
import { connectUnix } from './unix-connection.ts';

const own = { pid: process.pid, uid: process.geteuid?.(), gid: process.getegid?.() };

test('peerCredentials() tells who made a pair of sockets', () => {
  const [one, other] = createSocketPair();
  expect(peerCredentials(one)).toEqual(own);
  for (const fd of [one, other]) closeSync(fd);
});

test('peerCredentials() tells who listens', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-peer-'));
  const server = createServer().listen(join(directory, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  const fd = connectUnix(join(directory, 'socket'));
  expect(peerCredentials(fd)).toEqual(own);
  closeSync(fd);
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

test('peerCredentials() refuses what is no socket', () => {
  const [one, other] = createSocketPair();
  for (const fd of [one, other]) closeSync(fd);
  expect(() => peerCredentials(one)).toThrow(expect.objectContaining({ syscall: 'getsockopt' }));
});
