import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cardAddress } from './card-address.ts';
import { startPasst } from './start-passt.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-passt-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A program that takes the place of passt. */
function program(script: string): string {
  const path = join(directory, 'passt');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('startPasst() connects the card to the descriptor that passt is told of', async () => {
  const lines: string[] = [];
  const { helper, fd } = await startPasst({
    program: program('echo "$@" >&2; exec cat <&3 >&3'),
    publishedPorts: [
      { protocol: 'tcp', address: undefined, hostPort: 8080, guestPort: 80, count: 1 },
      { protocol: 'udp', address: '::1', hostPort: 5000, guestPort: 53, count: 3 },
    ],
    passtArgs: ['--mtu', '1500'],
    onErrorLine: (line) => lines.push(line),
  });
  const card = new Socket({ fd, readable: true, writable: true });
  card.write('frame');
  expect(String((await once(card, 'data'))[0])).toBe('frame');
  card.destroy();
  expect(await helper.exited).toMatchObject({ code: 0 });
  expect(lines).toEqual(['--foreground --quiet --fd 3 --tcp-ports 8080:80 --udp-ports ::1/5000-5002:53-55 --mtu 1500']);
});

test('cardAddress() makes addresses of one card that no manufacturer gave', () => {
  expect(cardAddress(Buffer.from([0xff, 1, 2, 3, 4, 0xab]))).toBe('fe:01:02:03:04:ab');
  expect(cardAddress(Buffer.from([0x01, 0, 0, 0, 0, 0]))).toBe('02:00:00:00:00:00');
});
