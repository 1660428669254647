import { constants } from 'node:http2';
import { describe, expect, test } from '@jest/globals';
import type { MuvmError } from '@muvm/errors';
import { framed, framePrefix, REPLY_HEADERS, REQUEST_HEADERS } from '@muvm/grpc';
import { type Answer, answering, startTestGuest } from './test-guest.ts';
import { unaryCall } from './unary-call.ts';

const REPLY_BYTES_MAX = 1000;
const OK = { 'grpc-status': '0' };
const REPLY = framed(Buffer.from('reply'));

async function call(answer: Answer, timeoutMs = 5000): Promise<Buffer> {
  await using guest = await startTestGuest(answer);
  const stream = guest.rpc.request('root', { ...REQUEST_HEADERS, ':path': '/test.Service/Ask' });
  if (!stream) throw new Error('not connected');
  const options = { method: 'Ask', replyBytesMax: REPLY_BYTES_MAX, timeoutMs };
  return await unaryCall(stream, Buffer.from('request'), options);
}

const trailersOnly =
  (headers: Readonly<Record<string, string>>): Answer =>
  (stream) =>
    stream.respond({ ...REPLY_HEADERS, ...headers }, { endStream: true });

async function failure(answer: Answer, timeoutMs?: number): Promise<MuvmError> {
  const error: unknown = await call(answer, timeoutMs).then(
    (reply) => new Error(`replied "${reply}"`),
    (reason: unknown) => reason,
  );
  return error as MuvmError;
}

describe('unaryCall()', () => {
  test('sends the request as one message and returns the reply', async () => {
    const chunks: Buffer[] = [];
    const reply = await call((stream) => {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => answering(REPLY, OK)(stream));
    });
    expect(String(reply)).toBe('reply');
    expect(Buffer.concat(chunks)).toEqual(framed(Buffer.from('request')));
  });

  test('returns a reply of no bytes, and one in chunks of one byte', async () => {
    expect(await call(answering(framed(Buffer.alloc(0)), OK))).toHaveLength(0);
    const dripping: Answer = (stream) => {
      stream.respond(REPLY_HEADERS, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers(OK));
      for (const byte of REPLY) stream.write(Buffer.from([byte]));
      stream.end();
    };
    expect(String(await call(dripping))).toBe('reply');
  });

  test('reads a failure from trailers, and from headers if there is nothing else', async () => {
    const failed = { 'grpc-status': '13', 'grpc-message': 'no%20%E2%82%AC' };
    for (const answer of [answering(Buffer.alloc(0), failed), answering(REPLY, failed), trailersOnly(failed)]) {
      expect(await failure(answer)).toMatchObject({
        code: 'INTERNAL',
        message: 'Cannot call "Ask": guest returned 13 (INTERNAL): no €',
        cause: { code: 13, message: 'no €' },
      });
    }
  });

  test('ignores a status in headers that are not the end', async () => {
    const early: Answer = (stream) => {
      stream.respond({ ...REPLY_HEADERS, ...OK }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '5' }));
      stream.end(REPLY);
    };
    expect((await failure(early)).message).toBe('Cannot call "Ask": guest returned 5 (NOT_FOUND)');
  });
});

describe('unaryCall() fails with one bounded error', () => {
  const malformed = ['', ' ', '-1', '+0', '00', '0x0', '0.0', '1e1', '0,13', '9999', 'OK', '٠', '0'.repeat(10_000)];

  test.each(malformed)('on the grpc-status %j', async (status) => {
    const { code, message } = await failure(answering(REPLY, { 'grpc-status': status }));
    expect(code).toBe('INTERNAL');
    expect(message).toMatch(/^Cannot call "Ask": guest returned 2 \(UNKNOWN\): grpc-status is (malformed|missing)/);
    expect(message.length).toBeLessThan(10_000);
  });

  test.each([
    ['trailers without a status', answering(REPLY, { other: '1' }), /grpc-status is missing/],
    ['headers without a status', trailersOnly({}), /grpc-status is missing/],
    ['an unknown code', answering(REPLY, { 'grpc-status': '99' }), /guest returned 99 \(unknown code\)$/],
  ] satisfies [string, Answer, RegExp][])('on %s', async (_what, answer, sentence) => {
    const { code, message } = await failure(answer);
    expect(code).toBe('INTERNAL');
    expect(message).toMatch(sentence);
  });

  const noTrailers: Answer = (stream) => {
    stream.respond(REPLY_HEADERS);
    stream.end(REPLY);
  };
  const reset =
    (resetCode: number): Answer =>
    (stream) => {
      stream.respond(REPLY_HEADERS);
      stream.write(REPLY);
      setImmediate(() => stream.close(resetCode));
    };
  const flooding: Answer = (stream) => {
    stream.respond(REPLY_HEADERS);
    const flood = () => {
      while (!stream.destroyed && stream.write(Buffer.alloc(65_536)));
    };
    stream.on('drain', flood);
    flood();
  };
  const webPage: Answer = (stream) => {
    stream.respond({ ':status': 404, 'content-type': 'text/html' });
    stream.end('<html>'.repeat(1000));
  };

  test.each([
    ['no trailers', noTrailers, /: no status$/],
    ['no message', answering(Buffer.alloc(0), OK), /: no message$/],
    ['several messages', answering(Buffer.concat([REPLY, REPLY]), OK), /: more than one message$/],
    ['messages without end', flooding, /: more than one message$/],
    ['half a prefix', answering(Buffer.from([0, 0]), OK), /: message is cut off$/],
    ['half a message', answering(REPLY.subarray(0, 7), OK), /: message is cut off$/],
    ['a message and a half', answering(Buffer.concat([REPLY, Buffer.from([0])]), OK), /: message is cut off$/],
    ['a message above the cap', answering(framed(Buffer.alloc(1001)), OK), /of 1001 bytes: expected at most 1000$/],
    ['a length of 4 GiB', answering(framePrefix(0xffff_ffff), OK), /of 4294967295 bytes: expected at most 1000$/],
    ['a compressed message', answering(Buffer.from([1, 0, 0, 0, 0]), OK), /: compressed flag is set$/],
    ['a flag of 255', answering(Buffer.from([255, 0, 0, 0, 0]), OK), /: compressed flag is set$/],
    ['a web page', webPage, /: HTTP status 404$/],
    ['a reset', reset(constants.NGHTTP2_INTERNAL_ERROR), /^Cannot (call|read the reply to) "Ask": /],
    ['a cancelled stream', reset(constants.NGHTTP2_CANCEL), /^Cannot (call|read the reply to) "Ask": /],
  ] satisfies [string, Answer, RegExp][])('on %s', async (_what, answer, sentence) => {
    const { code, message } = await failure(answer);
    expect(message).toMatch(sentence);
    expect(message.length).toBeLessThan(200);
    expect(code).toBe('PROTOCOL');
  });

  test('on a grpc-message of control characters, which it replaces', async () => {
    const escapes = '%1B%5B31m%0D%0A%00%C2%9B%E2%80%AE';
    const { message } = await failure(answering(REPLY, { 'grpc-status': '2', 'grpc-message': escapes }));
    expect(message).toBe('Cannot call "Ask": guest returned 2 (UNKNOWN): \uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD');
  });

  test('on a grpc-message of many bytes, which it shortens', async () => {
    const { message } = await failure(answering(REPLY, { 'grpc-status': '2', 'grpc-message': 'x'.repeat(50_000) }));
    expect(message).toMatch(/^Cannot call "Ask": guest returned 2 \(UNKNOWN\): x+$/);
    expect(message.length).toBeLessThan(8300);
  });

  test('on random bytes', async () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647);
    for (let round = 0; round < 100; round += 1) {
      // Small first bytes, so that some prefixes are good.
      const body = Buffer.from(
        Array.from({ length: random() % 40 }, (_, at) => (at < 4 ? random() % 2 : random() % 256)),
      );
      const outcome: unknown = await call(answering(body, OK)).catch((error: unknown) => error);
      if (!Buffer.isBuffer(outcome)) expect(outcome).toMatchObject({ code: 'PROTOCOL' });
    }
  });

  test('on a lost connection', async () => {
    const lost: Answer = (stream) => stream.session?.destroy();
    expect(await failure(lost)).toMatchObject({
      code: 'VM_ENDED',
      message: 'Cannot call "Ask": no connection to the guest',
    });
  });

  test('on silence, and on a reply without an end', async () => {
    const endless: Answer = (stream) => {
      stream.respond(REPLY_HEADERS);
      stream.write(REPLY);
    };
    for (const answer of [() => {}, endless]) {
      expect(await failure(answer, 50)).toMatchObject({
        code: 'TIMED_OUT',
        message: 'Guest did not answer "Ask" within 50 ms',
      });
    }
  });
});
