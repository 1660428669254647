import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { GuestConfig, GuestSocket } from '@muvm/protocol/contract';
import { bindSockets, boundSockets } from './bind-sockets.ts';

// A place that counts as the guest's own, and where a test may write.
const directory = `/dev/shm/muvm-test-${randomUUID()}`;
const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

afterEach(() => {
  for (const fd of boundSockets.values()) closeSync(fd);
  boundSockets.clear();
  rmSync(directory, { recursive: true, force: true });
});

const bind = (...forwardedSockets: GuestSocket[]) => bindSockets({ forwardedSockets, user } as unknown as GuestConfig);

describe('bindSockets()', () => {
  test('makes a socket that takes connections, with its directories, for the user alone', async () => {
    const path = `${directory}/deep er/x.sock`;
    expect(bind({ port: 50_000, path, isOptional: false })).toBeUndefined();
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    const socket = createConnection({ path });
    await once(socket, 'connect');
    socket.destroy();
    expect([...boundSockets.keys()]).toEqual([50_000]);
  });

  test('refuses a place on the host where nothing is, and one that is taken', () => {
    const nowhere = { port: 1, path: `/tmp/muvm-${randomUUID()}/x.sock`, isOptional: false };
    expect(() => bind(nowhere)).toThrow(/^Cannot make the socket ".*x\.sock" in the guest: nothing is there/);
    const taken = { port: 2, path: `${directory}/x.sock`, isOptional: false };
    expect(() => bind(taken, { ...taken, port: 3 })).toThrow(/address already in use$/);
  });

  test('tells why an optional one is not there, and goes on', () => {
    const path = `${directory}/x.sock`;
    const reason = bind(
      { port: 1, path: `/tmp/muvm-${randomUUID()}`, isOptional: true },
      { port: 2, path, isOptional: false },
    );
    expect(reason).toMatch(/^Cannot make the socket/);
    expect([...boundSockets.keys()]).toEqual([2]);
  });
});
