import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { CallGate } from './call-gate.ts';
import { CallServer } from './call-server.ts';

let directory: string;
let path: string;
let gate: CallGate;
let counts: string[];
let server: CallServer;
let client: ClientHttp2Session;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-calls-'));
  path = join(directory, 'guest.sock');
  gate = new CallGate();
  counts = [];
  server = new CallServer('user', gate, { begin: () => counts.push('begin'), end: () => counts.push('end') });
  await server.listen(path);
  client = connect('http://guest', { createConnection: () => connectSocket(path) });
  client.on('error', () => {});
});

afterEach(async () => {
  client.destroy();
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function call(method: string) {
  const stream = client.request({ ':method': 'POST', ':path': `/muvm.v1.Guest/${method}` });
  stream.on('error', () => {});
  return stream.end();
}

test('CallServer counts commands, and nothing else', async () => {
  gate.close(new MuvmError('VM_ENDED', 'gone'));
  for (const method of ['Exec', 'Status']) {
    const stream = call(method).resume();
    await once(stream, 'close');
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(counts).toEqual(['begin', 'end']);
});

test('CallServer refuses another service, and the next call still works', async () => {
  const stream = client.request({ ':method': 'POST', ':path': '/other.Service/Call' }).end();
  const [headers] = await once(stream, 'response');
  expect(headers['grpc-status']).toBe('12');
  gate.close(new MuvmError('VM_ENDED', 'gone'));
  const [answer] = await once(call('Exec'), 'response');
  expect(answer['muvm-code']).toBe('VM_ENDED');
});

test('CallServer.close() removes the socket, and calls that run go on', async () => {
  const stream = call('Exec');
  const response = once(stream, 'response');
  await new Promise((resolve) => setTimeout(resolve, 20));
  server.close();
  expect(existsSync(path)).toBe(false);
  gate.close(new MuvmError('VM_ENDED', 'later'));
  const [headers] = await response;
  expect(headers['grpc-message']).toBe('later');
});

test('CallServer names the socket that it cannot make', async () => {
  const other = new CallServer('user', gate, { begin: () => {}, end: () => {} });
  await expect(other.listen(join(directory, 'missing', 'guest.sock'))).rejects.toThrow(
    /^Cannot listen on ".*guest.sock"/,
  );
});
