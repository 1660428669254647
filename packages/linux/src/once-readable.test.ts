import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { setNonblocking } from './descriptor.ts';
import { acceptConnection } from './message-socket.ts';
import { onceReadable } from './once-readable.ts';
import { connectUnix } from './unix-connection.ts';
import { listenUnix } from './unix-listener.ts';

const immediately = () => new Promise((resolve) => setTimeout(resolve, 50));

test('onceReadable() tells of who waits at a socket that listens, without letting them in', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-readable-'));
  const listener = listenUnix(join(directory, 'socket'));
  setNonblocking(listener);
  for (let round = 0; round < 2; round += 1) {
    let calls = 0;
    onceReadable(listener, () => {
      calls += 1;
    });
    await immediately();
    expect(calls).toBe(0);
    const client = connectUnix(join(directory, 'socket'));
    await immediately();
    expect(calls).toBe(1);
    const accepted = acceptConnection(listener);
    expect(accepted).toBeDefined();
    await immediately();
    expect(calls).toBe(1);
    for (const fd of [client, accepted as number]) closeSync(fd);
  }
  closeSync(listener);
  rmSync(directory, { recursive: true });
});
