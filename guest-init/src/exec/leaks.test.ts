import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runCommand, startTestServer } from '../testing/index.ts';

const COMMANDS = 1000;
const AT_ONCE = 10;

test('a thousand commands leave no descriptor, listener or process behind', async () => {
  await using server = await startTestServer();
  const run = () => runCommand(server.client, ['sh', '-c', 'cat >/dev/null; echo x; echo y >&2'], { stdin: false });
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  const before = { fds: readdirSync('/proc/self/fd').length, rss: process.memoryUsage().rss };
  for (let count = 0; count < COMMANDS; count += AT_ONCE) {
    const results = await Promise.all(Array.from({ length: AT_ONCE }, run));
    for (const { stdout, stderr } of results) expect([String(stdout), String(stderr)]).toEqual(['x\n', 'y\n']);
  }
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before.fds + 2);
  expect(process.memoryUsage().rss).toBeLessThan(before.rss + 80 * 1024 * 1024);
}, 60_000);
