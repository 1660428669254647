import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { STREAM_WINDOW_BYTES } from './http2-options.ts';
import { openClientSession } from './sessions.ts';
import { linkPair } from './testing/pairs.ts';

const ECHO_PORT = 7;

function echo(stream: Duplex): void {
  stream.pipe(stream);
}

async function echoed(stream: Duplex, payload: Buffer | string): Promise<Buffer> {
  stream.end(payload);
  return buffer(stream);
}

function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('SessionLink', () => {
  test('connect() carries 200 streams at the same time, each with its own bytes', async () => {
    await using links = await linkPair();
    links.guest.listen(ECHO_PORT, echo);
    const streams = await Promise.all(Array.from({ length: 200 }, () => links.host.connect(ECHO_PORT)));
    const answers = await Promise.all(streams.map((stream, index) => echoed(stream, `stream ${index}`)));
    expect(answers.map(String)).toEqual(streams.map((_, index) => `stream ${index}`));
  });

  test('a stream that may be half open takes an answer long after its question has ended', async () => {
    await using links = await linkPair();
    const halfOpen = { allowHalfOpen: true };
    links.guest.listen(
      ECHO_PORT,
      (stream) => {
        stream.resume().once('end', async () => {
          await sleep(50);
          stream.end('the answer');
        });
      },
      halfOpen,
    );
    const stream = await links.host.connect(ECHO_PORT, halfOpen);
    expect(String(await echoed(stream, 'a question'))).toBe('the answer');
  });

  test('connect() works in the other direction too', async () => {
    await using links = await linkPair();
    links.host.listen(ECHO_PORT, echo);
    const stream = await links.guest.connect(ECHO_PORT);
    expect(String(await echoed(stream, 'from the guest'))).toBe('from the guest');
  });

  test('a big transfer in both directions at once arrives as it was sent', async () => {
    await using links = await linkPair();
    links.guest.listen(ECHO_PORT, echo);
    const payload = randomBytes(16 * 1024 * 1024);
    const stream = await links.host.connect(ECHO_PORT);
    expect(sha256(await echoed(stream, payload))).toBe(sha256(payload));
  });

  test('connect() tells at once that nobody listens, and the link goes on', async () => {
    await using links = await linkPair();
    links.guest.listen(ECHO_PORT, echo);
    await expect(links.host.connect(9)).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'Cannot connect to port 9 as nobody listens there',
    });
    expect(String(await echoed(await links.host.connect(ECHO_PORT), 'still here'))).toBe('still here');
  });

  test('connect() tells that the other side has too many streams, until one ends', async () => {
    await using links = await linkPair({ streamsMax: 2 });
    links.guest.listen(ECHO_PORT, echo);
    const first = await links.host.connect(ECHO_PORT);
    await links.host.connect(ECHO_PORT);
    await expect(links.host.connect(ECHO_PORT)).rejects.toMatchObject({
      message: 'Cannot connect to port 7 as the other side has too many open streams',
    });
    await Promise.all([once(first, 'close'), echoed(first, '')]);
    expect(String(await echoed(await links.host.connect(ECHO_PORT), 'room again'))).toBe('room again');
  });

  test('connect() ends with the signal, before and after a session is there', async () => {
    await using links = await linkPair();
    const reason = new Error('enough');
    await expect(links.host.connect(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('connect() refuses what is no port', async () => {
    await using links = await linkPair();
    await expect(links.host.connect(0)).rejects.toThrow('Cannot use 0 as a port as it must be from 1 to 4294967294');
  });

  test('connect() after the disposal tells that the link is closed', async () => {
    const links = await linkPair();
    await links[Symbol.asyncDispose]();
    await expect(links.host.connect(1)).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'Cannot connect to port 1 as the link is closed',
    });
  });

  test('listen() refuses a port that is taken, and gives it again after the disposal', async () => {
    await using links = await linkPair();
    const listener = links.guest.listen(ECHO_PORT, echo);
    expect(() => links.guest.listen(ECHO_PORT, echo)).toThrow(
      'Cannot listen on port 7 as this side listens there already',
    );
    await listener[Symbol.asyncDispose]();
    await expect(links.host.connect(ECHO_PORT)).rejects.toMatchObject({ code: 'REFUSED' });
    links.guest.listen(ECHO_PORT, echo);
  });

  test('a stream that is destroyed gives an error on the other side, and the others go on', async () => {
    await using links = await linkPair();
    const accepted: Duplex[] = [];
    links.guest.listen(ECHO_PORT, (stream) => accepted.push(stream.on('data', (data) => stream.write(data))));
    for (const breaks of ['host', 'guest'] as const) {
      const [bad, good] = [await links.host.connect(ECHO_PORT), await links.host.connect(ECHO_PORT)];
      const far = accepted[accepted.length - 2] as Duplex;
      const [local, remote] = breaks === 'host' ? [bad, far] : [far, bad];
      const localErrors: unknown[] = [];
      local.on('error', (error) => localErrors.push(error));
      const failed = once(remote, 'error');
      local.destroy();
      expect(await failed).toMatchObject([{ code: 'ERR_HTTP2_STREAM_ERROR' }]);
      good.write('fine');
      expect(await once(good, 'data')).toEqual([Buffer.from('fine')]);
      expect(localErrors).toEqual([]);
    }
  });

  test('a stream that one side ends gets what the other had still to say, and both close', async () => {
    await using links = await linkPair();
    links.guest.listen(ECHO_PORT, (stream) => {
      stream.resume();
      stream.write('last words');
    });
    const stream = await links.host.connect(ECHO_PORT);
    const closed = once(stream, 'close');
    stream.end();
    expect(await text(stream)).toBe('last words');
    await closed;
  });

  test('a reader that stalls stops its own sender only', async () => {
    await using links = await linkPair();
    links.guest.listen(ECHO_PORT, echo);
    const stalled: Duplex[] = [];
    links.guest.listen(8, (stream) => stalled.push(stream));
    const sender = await links.host.connect(8);
    let sentBytes = 0;
    const chunk = Buffer.alloc(64 * 1024);
    const fill = () => {
      while (
        sender.write(chunk, () => {
          sentBytes += chunk.length;
        })
      );
    };
    sender.on('drain', fill);
    fill();
    await untilSteady(() => sentBytes);
    expect(sentBytes).toBeGreaterThanOrEqual(STREAM_WINDOW_BYTES / 2);
    expect(sentBytes).toBeLessThanOrEqual(2 * STREAM_WINDOW_BYTES);
    expect(String(await echoed(await links.host.connect(ECHO_PORT), 'not stalled'))).toBe('not stalled');
    stalled[0]?.resume();
    await once(sender, 'drain');
    sender.destroy();
  });

  test('streams end when their session is lost, and new ones use the next session', async () => {
    await using links = await linkPair();
    const accepted: Duplex[] = [];
    links.guest.listen(ECHO_PORT, (stream) => {
      accepted.push(stream);
      echo(stream);
    });
    const stream = await links.host.connect(ECHO_PORT);
    const closed = [stream, ...accepted].map((one) => once(one, 'close'));
    links.socket().destroy();
    await Promise.all(closed);
    const waiting = links.host.connect(ECHO_PORT);
    await links.plug();
    expect(String(await echoed(await waiting, 'back'))).toBe('back');
  });

  test.each(['near', 'far'] as const)(
    'a stream whose session is lost, at the %s end, does not look complete',
    async (end) => {
      const links = await linkPair();
      const accepted: Duplex[] = [];
      links.guest.listen(ECHO_PORT, (stream) => {
        accepted.push(stream);
        stream.write('half of it');
      });
      const ended = await links.host.connect(ECHO_PORT);
      const open = await links.host.connect(ECHO_PORT);
      const readers = [ended, open, ...accepted].map((stream) => buffer(stream));
      for (const reader of readers) reader.catch(() => {});
      accepted[0]?.prependOnceListener('end', () => links[end === 'near' ? 'socket' : 'farSocket']().destroy());
      ended.end();
      const results = await Promise.allSettled([readers[0], readers[1], readers[3]]);
      expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
      await links[Symbol.asyncDispose]();
    },
  );

  test('connect() gives up when no session comes', async () => {
    await using links = await linkPair({ connectTimeoutMs: 50 });
    links.guest.listen(ECHO_PORT, echo);
    const stream = await links.host.connect(ECHO_PORT);
    links.socket().destroy();
    await once(stream, 'close');
    await expect(links.host.connect(ECHO_PORT)).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  test('a session survives more streams that break at once than nghttp2 takes resets', async () => {
    await using links = await linkPair();
    links.guest.listen(ECHO_PORT, echo);
    const bystander = await links.host.connect(ECHO_PORT);
    for (let round = 0; round < 11; round += 1) {
      const streams = await Promise.all(Array.from({ length: 100 }, () => links.host.connect(ECHO_PORT)));
      for (const stream of streams) stream.destroy();
    }
    await sleep(20);
    expect(String(await echoed(bystander, 'unharmed'))).toBe('unharmed');
  }, 20_000);
});

describe('SessionLink refuses a request that', () => {
  async function statusOf(headers: Record<string, string>): Promise<[unknown, unknown]> {
    await using links = await linkPair();
    const session = openClientSession(await links.strangerSocket(), 'wide');
    const [answer] = await once(session.request(headers), 'response');
    session.destroy();
    return [answer[':status'], answer['muvm-reason']];
  }

  test('is no CONNECT', async () => {
    expect(await statusOf({ ':method': 'GET', ':path': '/' })).toEqual([405, 'not-connect']);
  });

  test.each(['muvm:0', 'muvm:4294967295', 'muvm:99999999999', 'muvm:x', 'elsewhere:7'])(
    'names %s',
    async (authority) => {
      expect(await statusOf({ ':method': 'CONNECT', ':authority': authority })).toEqual([400, 'bad-port']);
    },
  );
});

async function untilSteady(measure: () => number): Promise<void> {
  let last = -1;
  while (measure() !== last || last === 0) {
    last = measure();
    await sleep(100);
  }
}
