/** Streams between host and guest, over a real virtio-serial port or real vsock: this process is the host's end. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect } from '@jest/globals';
import { createHostSerialLink, createHostStreamLink, createUnixSocketLink, type Link } from '@muvm/link';
import { LINK_PORTS, STREAM_PORTS } from '@muvm/protocol/contract';
import { TEST_DRIVER, useWarmVm } from '../framework/index.ts';

const MIB = 1024 * 1024;
const NOBODY_PORT = 4711;
// Unlike a supervisor's, the first session of each link here may meet the one before it, which the guest still holds.
const TIMING = { firstProofTimeoutMs: 2000 };

// These tests take the place of the supervisor's end of the link.
const vm = useWarmVm([], { own: true });
let link: Link | undefined;

function openLink(): Link {
  const directory = join(vm.sandbox.runRoot, 'default');
  link =
    TEST_DRIVER === 'libkrun'
      ? createHostStreamLink(createUnixSocketLink(directory), STREAM_PORTS)
      : createHostSerialLink(
          { hostToGuest: join(directory, 'h2g.sock'), guestToHost: join(directory, 'g2h.sock') },
          TIMING,
        );
  return link;
}

afterEach(async () => {
  await link?.[Symbol.asyncDispose]();
  link = undefined;
});

async function echoed(stream: Duplex, bytes: Buffer): Promise<string> {
  const hash = createHash('sha256');
  stream.end(bytes);
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('the link to a guest', () => {
  vm.test('carries bytes both ways', async () => {
    const bytes = randomBytes(4 * MIB);
    expect(await echoed(await openLink().connect(LINK_PORTS.echo), bytes)).toBe(sha256(bytes));
  });

  vm.test('carries many streams at once', async () => {
    const opened = openLink();
    const pieces = Array.from({ length: 50 }, () => randomBytes(10_000));
    const hashes = await Promise.all(pieces.map(async (piece) => echoed(await opened.connect(LINK_PORTS.echo), piece)));
    expect(hashes).toEqual(pieces.map(sha256));
  });

  vm.test('refuses a stream at once, with the reason, where nobody listens', async () => {
    const opened = openLink();
    await echoed(await opened.connect(LINK_PORTS.echo), Buffer.from('up'));
    const startMs = performance.now();
    await expect(opened.connect(NOBODY_PORT)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining(String(NOBODY_PORT)),
    });
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  vm.test('comes back after its host end was lost in the middle of a transfer', async () => {
    for (let round = 0; round < 3; round += 1) {
      const lost = openLink();
      const stream = await lost.connect(LINK_PORTS.echo);
      stream.write(randomBytes(MIB));
      await lost[Symbol.asyncDispose]();
    }
    const bytes = randomBytes(MIB);
    expect(await echoed(await openLink().connect(LINK_PORTS.echo), bytes)).toBe(sha256(bytes));
  });

  vm.test('stops a sender whose reader has stalled, while another stream goes on', async () => {
    const opened = openLink();
    const stalled = await opened.connect(LINK_PORTS.echo);
    stalled.pause();
    let writtenBytes = 0;
    const chunk = Buffer.alloc(65_536);
    const deadlineMs = performance.now() + 20_000;
    while (performance.now() < deadlineMs && writtenBytes < 64 * MIB) {
      writtenBytes += chunk.length;
      if (stalled.write(chunk)) continue;
      const drained = new Promise<boolean>((resolve) => stalled.once('drain', () => resolve(true)));
      const gaveUp = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3000));
      if (!(await Promise.race([drained, gaveUp]))) break;
    }
    expect(writtenBytes).toBeLessThan(16 * MIB);
    const bytes = Buffer.from('still here');
    expect(await echoed(await opened.connect(LINK_PORTS.echo), bytes)).toBe(sha256(bytes));
    stalled.destroy();
  });
});
