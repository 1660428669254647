import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { splice } from './splice.ts';
import { socketPair } from './testing/pairs.ts';

/** `near` ⇄ (a spliced to b) ⇄ `far` */
async function spliced(): Promise<Record<'near' | 'a' | 'b' | 'far', Socket>> {
  const [near, a] = await socketPair();
  const [b, far] = await socketPair();
  splice(a, b);
  return { near, a, b, far };
}

describe('splice()', () => {
  test('carries bytes both ways and passes an end on', async () => {
    const { near, a, b, far } = await spliced();
    const payload = randomBytes(3 * 1024 * 1024);
    far.pipe(far);
    near.write(payload);
    const chunks: Buffer[] = [];
    for (let receivedBytes = 0; receivedBytes < payload.length; ) {
      const [chunk] = (await once(near, 'data')) as [Buffer];
      chunks.push(chunk);
      receivedBytes += chunk.length;
    }
    expect(Buffer.concat(chunks).equals(payload)).toBe(true);
    const closed = [near, a, b, far].map((socket) => once(socket, 'close'));
    near.end();
    await Promise.all(closed);
  });

  test('destroys a stream that goes on talking when the other one has closed', async () => {
    const { near, far } = await spliced();
    const closed = new Promise((resolve) => far.once('close', resolve));
    far.write(Buffer.alloc(3 * 1024 * 1024));
    near.resume();
    near.end();
    far.resume();
    await closed;
  });

  test('destroys the other stream when one closes before its end', async () => {
    const { a, far } = await spliced();
    const closed = once(far, 'close');
    far.resume();
    a.destroy();
    await closed;
  });

  test('destroys the other stream with the error of the first', async () => {
    const { a, b } = await spliced();
    const failed = once(b, 'error');
    const reason = new Error('broken');
    a.destroy(reason);
    expect(await failed).toEqual([reason]);
  });

  test('reads no more than the other side takes', async () => {
    const { near, a, b, far } = await spliced();
    far.pause();
    const chunk = Buffer.alloc(64 * 1024);
    let full = false;
    for (let sentBytes = 0; sentBytes < 8 * 1024 * 1024 && !full; sentBytes += chunk.length) {
      if (!near.write(chunk)) full = !(await drains(near));
    }
    expect(full).toBe(true);
    expect(b.writableLength + a.readableLength).toBeLessThan(512 * 1024);
    near.destroy();
    far.destroy();
  });
});

async function drains(socket: Socket): Promise<boolean> {
  const drained = once(socket, 'drain').then(() => true);
  return Promise.race([drained, new Promise<boolean>((resolve) => setTimeout(resolve, 200, false))]);
}
