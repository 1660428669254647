import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { adoptListener, adoptStream } from './adopt.ts';
import { createPipe, isHungUp } from './descriptor.ts';
import { tryLock } from './file-lock.ts';
import { tryKvm } from './kvm.ts';
import { systemError } from './libc.ts';
import { connectUnix } from './unix-connection.ts';
import { listenUnix } from './unix-listener.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-linux-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

test('systemError() has the shape of an error of Node', () => {
  expect(systemError('flock', 2, '/x')).toMatchObject({
    code: 'ENOENT',
    errno: -2,
    syscall: 'flock',
    path: '/x',
    message: "ENOENT: no such file or directory, flock '/x'",
  });
});

test('createPipe() carries bytes, and isHungUp() tells of a closed other end', () => {
  const { readEnd, writeEnd } = createPipe();
  writeSync(writeEnd, 'bytes');
  const received = Buffer.alloc(16);
  expect(received.toString('utf8', 0, readSync(readEnd, received))).toBe('bytes');
  expect(isHungUp(readEnd)).toBe(false);
  closeSync(writeEnd);
  expect(isHungUp(readEnd)).toBe(true);
  closeSync(readEnd);
});

describe('tryLock()', () => {
  test('is refused to another open file, and free again when the first is closed', () => {
    const path = join(directory, 'lock');
    const [first, second] = [openSync(path, 'a'), openSync(path, 'a')];
    expect(tryLock(first)).toBe(true);
    expect(tryLock(second)).toBe(false);
    closeSync(first);
    expect(tryLock(second)).toBe(true);
    closeSync(second);
  });

  test('throws where the descriptor is none', () => {
    expect(() => tryLock(9999)).toThrow('EBADF');
  });
});

describe('listenUnix()', () => {
  test('is connected to before anybody accepts, and can then be adopted', async () => {
    const path = join(directory, 's');
    const fd = listenUnix(path);
    const client = connect(path);
    const received = new Promise<string>((resolve) => {
      client.on('data', (chunk) => resolve(chunk.toString()));
    });
    const server = adoptListener(fd);
    server.on('connection', (socket) => socket.end('hello'));
    expect(await received).toBe('hello');
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test('refuses a path that is taken, and one that is too long', () => {
    const path = join(directory, 's');
    const fd = listenUnix(path);
    expect(() => listenUnix(path)).toThrow('EADDRINUSE');
    expect(() => listenUnix(`/${'x'.repeat(200)}`)).toThrow(RangeError);
    closeSync(fd);
  });
});

test('adoptStream() reads and writes a descriptor that Node did not open', async () => {
  const path = join(directory, 's');
  const fd = listenUnix(path);
  const server = adoptListener(fd);
  server.on('connection', (socket) => socket.pipe(socket));
  const { readEnd, writeEnd } = createPipe();
  const adopted = adoptStream(readEnd);
  const received = new Promise<string>((resolve) => {
    adopted.on('data', (chunk) => resolve(chunk.toString()));
  });
  writeSync(writeEnd, 'through');
  expect(await received).toBe('through');
  const ended = new Promise((resolve) => adopted.once('close', resolve));
  closeSync(writeEnd);
  await ended;
  await new Promise((resolve) => server.close(resolve));
});

test('tryKvm() names the step that failed', () => {
  expect(() => tryKvm(join(directory, 'kvm'))).toThrow(/ENOENT.*open/);
  expect(() => tryKvm('/dev/null')).toThrow(/KVM_GET_API_VERSION/);
});

test('connectUnix() connects without a wait, with a descriptor that waits', () => {
  const path = join(directory, 'server.sock');
  expect(() => connectUnix(path)).toThrow('ENOENT');
  const listener = listenUnix(path);
  const fd = connectUnix(path);
  expect(isHungUp(fd)).toBe(false);
  closeSync(listener);
  expect(isHungUp(fd)).toBe(true);
  closeSync(fd);
  expect(() => connectUnix(path)).toThrow('ECONNREFUSED');
});
