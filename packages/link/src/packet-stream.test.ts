import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { packetStream } from './packet-stream.ts';
import { socketPair } from './testing/pairs.ts';

const PACKET_BYTES = 1000;

/** A pair of which the first is a packet stream, and the sizes of what its socket was asked to write. */
async function watchedPair() {
  const [near, far] = await socketPair();
  const sizes: number[] = [];
  const write = near._write.bind(near);
  near._write = (chunk, encoding, callback) => {
    sizes.push(chunk.length);
    write(chunk, encoding, callback);
  };
  return { stream: packetStream(near, PACKET_BYTES), near, far, sizes };
}

describe('packetStream()', () => {
  test('writes no packet that is larger than it may be, however much waits', async () => {
    const { stream, near, far, sizes } = await watchedPair();
    const payload = randomBytes(100_123);
    for (let at = 0; at < payload.length; at += 7000) stream.write(payload.subarray(at, at + 7000));
    stream.end();
    expect((await buffer(far)).equals(payload)).toBe(true);
    expect(Math.max(...sizes)).toBe(PACKET_BYTES);
    expect((near as Socket & { _writev?: unknown })._writev).toBeUndefined();
  });

  test('joins what waits into as few packets as it can', async () => {
    const { stream, far, sizes } = await watchedPair();
    for (let count = 0; count < 500; count += 1) stream.write('four');
    stream.end();
    expect(String(await buffer(far))).toBe('four'.repeat(500));
    expect(sizes.length).toBeLessThan(10);
  });

  test('reads what comes, and stops the other side while nobody reads', async () => {
    const { stream, far } = await watchedPair();
    const payload = randomBytes(4 * 1024 * 1024);
    let accepted = 0;
    while (accepted < payload.length && far.write(payload.subarray(accepted, accepted + 65_536))) accepted += 65_536;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(far.writableLength).toBeGreaterThan(0);
    far.end();
    expect((await buffer(stream)).equals(payload.subarray(0, Math.min(accepted + 65_536, payload.length)))).toBe(true);
  });

  test('ends with its socket, and the reverse', async () => {
    const one = await watchedPair();
    one.far.destroy();
    await once(one.stream.resume(), 'close');
    const other = await watchedPair();
    other.stream.destroy();
    await once(other.far.resume(), 'close');
    expect([one.near.destroyed, other.near.destroyed]).toEqual([true, true]);
  });
});
