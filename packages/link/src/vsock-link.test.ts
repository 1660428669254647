import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { listenVsock, VSOCK_CIDS } from '@muvm/linux';
import { createVsockLink } from './vsock-link.ts';

const PORT = 40_000 + (process.pid % 20_000);
const LOOPBACK = { acceptCids: [VSOCK_CIDS.local], connectCid: VSOCK_CIDS.local };

const missing = whyNoLoopback();
if (missing && process.env['MUVM_REQUIRE_ALL'] !== '1') process.stderr.write(`vsock tests are skipped: ${missing}\n`);
const vsockTest = missing && process.env['MUVM_REQUIRE_ALL'] !== '1' ? test.skip : test;

describe('createVsockLink()', () => {
  vsockTest('carries a big transfer over loopback', async () => {
    await using link = createVsockLink(LOOPBACK);
    link.listen(PORT, (stream) => stream.pipe(stream));
    const payload = randomBytes(4 * 1024 * 1024);
    const stream = await link.connect(PORT);
    stream.write(payload);
    const chunks: Buffer[] = [];
    for (let receivedBytes = 0; receivedBytes < payload.length; ) {
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      chunks.push(chunk);
      receivedBytes += chunk.length;
    }
    expect(Buffer.concat(chunks).equals(payload)).toBe(true);
    stream.destroy();
  });

  vsockTest('takes 20 connections at the same time', async () => {
    await using link = createVsockLink(LOOPBACK);
    link.listen(PORT + 1, (stream) => stream.end('welcome'));
    const streams = await Promise.all(Array.from({ length: 20 }, () => link.connect(PORT + 1)));
    const answers = await Promise.all(streams.map((stream) => buffer(stream)));
    expect(answers.map(String)).toEqual(Array.from({ length: 20 }, () => 'welcome'));
  });

  vsockTest('lets nobody in but the host, by default', async () => {
    await using server = createVsockLink();
    await using link = createVsockLink(LOOPBACK);
    let entered = 0;
    server.listen(PORT + 2, () => {
      entered += 1;
    });
    await expect(link.connect(PORT + 2)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(entered).toBe(0);
  });

  vsockTest('tells at once that nobody listens', async () => {
    await using link = createVsockLink(LOOPBACK);
    await expect(link.connect(PORT + 3)).rejects.toMatchObject({
      code: 'REFUSED',
      message: `Cannot connect to port ${PORT + 3} as nobody listens there`,
    });
  });

  vsockTest('names a port that is taken', async () => {
    await using link = createVsockLink(LOOPBACK);
    link.listen(PORT + 4, () => {});
    expect(() => link.listen(PORT + 4, () => {})).toThrow(
      `Cannot listen on vsock port ${PORT + 4}: address already in use`,
    );
  });
});

function whyNoLoopback(): string | undefined {
  try {
    closeSync(listenVsock(PORT - 1, VSOCK_CIDS.local));
    return undefined;
  } catch (error) {
    return `this kernel has no vsock loopback (${(error as Error).message})`;
  }
}
