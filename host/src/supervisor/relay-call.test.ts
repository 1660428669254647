import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import type { GuestRpc } from '../driver/index.ts';
import { CallGate } from './call-gate.ts';
import { relayCall } from './relay-call.ts';

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

let gate: CallGate;
let answer: Answer;
let guestServer: Http2Server;
let guestSession: ClientHttp2Session;
let relayServer: Http2Server;
let client: ClientHttp2Session;

async function listening(server: Http2Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  gate = new CallGate();
  guestServer = createServer().on('stream', (stream, headers) => {
    stream.on('error', () => {});
    answer(stream, headers);
  });
  guestSession = connect(await listening(guestServer));
  guestSession.on('error', () => {});
  relayServer = createServer().on('stream', (stream, headers) => void relayCall(stream, headers, 'user', gate));
  client = connect(await listening(relayServer));
});

afterEach(() => {
  client.destroy();
  guestSession.destroy();
  relayServer.close();
  guestServer.close();
});

const rpc: GuestRpc = {
  up: Promise.resolve(),
  request: (identity, headers) =>
    guestSession.destroyed ? undefined : guestSession.request({ ...headers, 'muvm-identity': identity }),
  cancel: (stream) => stream.close(8),
};

function call(headers: Record<string, string> = {}): ClientHttp2Stream {
  const stream = client.request({ ':method': 'POST', ':path': '/muvm.v1.Guest/Exec', te: 'trailers', ...headers });
  stream.on('error', () => {});
  return stream;
}

async function trailersOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  stream.resume();
  const [trailers] = (await once(stream, 'trailers')) as [IncomingHttpHeaders];
  return trailers;
}

describe('relayCall()', () => {
  test('passes bytes both ways, and the trailers at the end', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.pipe(stream);
    };
    gate.open(rpc);
    const stream = call();
    const trailers = once(stream, 'trailers');
    const sent = Buffer.alloc(300_000, 'x');
    stream.end(sent);
    expect((await buffer(stream)).equals(sent)).toBe(true);
    expect((await trailers)[0]).toMatchObject({ 'grpc-status': '0' });
  });

  test('says who the caller is, and drops what the caller says about it', async () => {
    const seen: IncomingHttpHeaders[] = [];
    answer = (stream, headers) => {
      seen.push(headers);
      stream.respond({ ':status': 200, 'grpc-status': '0' }, { endStream: true });
    };
    gate.open(rpc);
    const stream = call({ 'muvm-identity': 'root', cookie: 'secret' });
    await once(stream, 'response');
    expect(seen[0]?.['muvm-identity']).toBe('user');
    expect(seen[0]?.['cookie']).toBeUndefined();
  });

  test('holds a call until the guest is up', async () => {
    answer = (stream) => stream.respond({ ':status': 200, 'grpc-status': '0' }, { endStream: true });
    const stream = call();
    let answered = false;
    const response = once(stream, 'response').then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    gate.open(rpc);
    await response;
  });

  test('ends a held call with the reason where the guest never comes up', async () => {
    const stream = call();
    const response = once(stream, 'response');
    gate.close(new MuvmError('START_FAILED', 'Guest did not boot: 100 % “late”', { hint: 'Read the log.' }));
    const [headers] = (await response) as [IncomingHttpHeaders];
    expect(headers).toMatchObject({ 'grpc-status': '14', 'muvm-code': 'START_FAILED' });
    expect(headers['grpc-message']).toBe('Guest did not boot: 100 %25 %E2%80%9Clate%E2%80%9D');
    expect(decodeURIComponent(String(headers['muvm-hint']))).toBe('Read the log.');
  });

  test('ends a running call with the reason where the guest is lost', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begun');
    };
    gate.open(rpc);
    const stream = call();
    await once(stream, 'response');
    const trailers = trailersOf(stream);
    guestSession.destroy();
    gate.close(new MuvmError('VM_ENDED', 'VM ended: QEMU was killed by SIGKILL'));
    expect(decodeURIComponent(String((await trailers)['grpc-message']))).toContain('QEMU was killed');
  });

  test('takes no lost session for the end of a call, even where the client has said all', async () => {
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begun');
    };
    gate.open(rpc);
    const stream = call().end();
    await once(stream, 'data');
    const trailers = trailersOf(stream);
    guestSession.destroy();
    gate.close(new MuvmError('VM_ENDED', 'lost'));
    expect(await trailers).toMatchObject({ 'grpc-status': '14', 'grpc-message': 'lost' });
  });

  test('resets the call in the guest where the client goes away', async () => {
    const closed = new Promise<number>((resolve) => {
      answer = (stream) => {
        stream.respond({ ':status': 200 });
        stream.write('begun');
        stream.once('close', () => resolve(stream.rstCode));
      };
    });
    gate.open(rpc);
    const stream = call();
    await once(stream, 'data');
    stream.close(8);
    expect(await closed).toBe(8);
  });

  test('stops the sender where nobody reads', async () => {
    let stalled = false;
    answer = (stream) => {
      stream.respond({ ':status': 200 });
      const chunk = Buffer.alloc(65_536);
      let sentBytes = 0;
      while (stream.write(chunk) && sentBytes < 64e6) sentBytes += chunk.length;
      stalled = sentBytes < 64e6;
    };
    gate.open(rpc);
    const stream = call();
    await once(stream, 'response');
    stream.pause();
    expect(stalled).toBe(true);
  });
});
