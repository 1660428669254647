import { once } from 'node:events';
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { joinPasst } from './join-passt.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-passt-'));
  path = join(directory, 'passt.sock');
});

afterEach(() => rmSync(directory, { recursive: true }));

const vmm = { hasExited: () => false };

test('joinPasst() connects, and says what is wrong where nobody listens', async () => {
  expect(() => joinPasst(path)).toThrow(/^Cannot connect to a passt at "[^"]+": no such file or directory$/);
  const server = createServer((socket) => socket.pipe(socket)).listen(path);
  await once(server, 'listening');
  {
    using passt = joinPasst(path);
    const card = new Socket({ fd: passt.fd, readable: true, writable: true });
    card.write('frame');
    expect(String((await once(card, 'data'))[0])).toBe('frame');
    card.destroy();
  }
  server.close();
});

test.each([false, true])('a passt that hangs up, while the guest is up: %s', async (isUp) => {
  const server = createServer((socket) => socket.destroy()).listen(path);
  await once(server, 'listening');
  using passt = joinPasst(path);
  const told = await new Promise<string>((resolve) => {
    const up = isUp ? Promise.resolve() : new Promise<void>(() => {});
    void passt.watch({ up, vmm, onNotice: resolve }).then(({ message }) => resolve(message));
  });
  expect(told).toBe(
    isUp
      ? `the guest has no network, as the passt at "${path}" closed the connection`
      : `Cannot connect the guest to the network as the passt at "${path}" hung up`,
  );
  closeSync(passt.fd);
  server.close();
});
