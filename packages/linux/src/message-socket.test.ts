import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { setNonblocking } from './descriptor.ts';
import { EPOLL_EVENTS, Epoll } from './epoll.ts';
import { acceptConnection, receiveMessage, sendMessage } from './message-socket.ts';
import { createSocketPair } from './socket-pair.ts';
import { connectUnix } from './unix-connection.ts';
import { listenUnix } from './unix-listener.ts';

function withPair(use: (one: number, other: number) => void): void {
  const before = readdirSync('/proc/self/fd').length;
  const [one, other] = createSocketPair();
  try {
    use(one, other);
  } finally {
    closeSync(one);
    closeSync(other);
  }
  expect(readdirSync('/proc/self/fd').length).toBe(before);
}

test('bytes and descriptors cross together', () =>
  withPair((one, other) => {
    const file = openSync('/dev/null', 'r');
    const buffer = Buffer.alloc(100);
    expect(receiveMessage(other, buffer)).toBeUndefined();
    expect(sendMessage(one, Buffer.from('plain'))).toBe(5);
    expect(sendMessage(one, Buffer.from('with two'), [file, file])).toBe(8);
    const first = receiveMessage(other, buffer);
    const second = first?.length === 5 ? receiveMessage(other, buffer.subarray(5)) : undefined;
    const descriptors = [...(first?.descriptors ?? []), ...(second?.descriptors ?? [])];
    expect(buffer.toString('latin1', 0, 13)).toBe('plainwith two');
    expect(descriptors.map((fd) => fstatSync(fd).rdev)).toEqual([fstatSync(file).rdev, fstatSync(file).rdev]);
    for (const fd of [file, ...descriptors]) closeSync(fd);
  }));

test('253 descriptors cross at once', () =>
  withPair((one, other) => {
    const file = openSync('/dev/null', 'r');
    sendMessage(
      one,
      Buffer.of(1),
      Array.from({ length: 253 }, () => file),
    );
    const received = receiveMessage(other, Buffer.alloc(10));
    expect(received?.descriptors.length).toBe(253);
    for (const fd of [file, ...(received?.descriptors ?? [])]) closeSync(fd);
  }));

test('a full socket takes a part, then nothing, and a closed one is an end', () =>
  withPair((one, other) => {
    const much = Buffer.alloc(4_000_000);
    const taken = sendMessage(one, much);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(much.length);
    expect(sendMessage(one, much)).toBe(0);
    const [third, fourth] = createSocketPair();
    closeSync(fourth);
    expect(receiveMessage(third, Buffer.alloc(10))).toEqual({ length: 0, descriptors: [] });
    expect(() => sendMessage(third, Buffer.of(1))).toThrow(/EPIPE/);
    closeSync(third);
    expect(receiveMessage(other, Buffer.alloc(100))?.length).toBe(100);
  }));

test('Epoll tells what is true of which descriptor, as often as it is', () =>
  withPair((one, other) => {
    using epoll = new Epoll();
    epoll.add(other, EPOLL_EVENTS.in);
    expect(epoll.wait(0)).toEqual([]);
    writeSync(one, 'x');
    expect(epoll.wait()).toEqual([{ fd: other, events: EPOLL_EVENTS.in }]);
    expect(epoll.wait(0)).toEqual([{ fd: other, events: EPOLL_EVENTS.in }]);
    epoll.change(other, EPOLL_EVENTS.out);
    expect(epoll.wait(0)).toEqual([{ fd: other, events: EPOLL_EVENTS.out }]);
    epoll.remove(other);
    expect(epoll.wait(1)).toEqual([]);
    expect(() => epoll.remove(other)).toThrow(/ENOENT/);
  }));

test('acceptConnection() takes who is there, and does not wait', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-accept-'));
  const path = join(directory, 'socket');
  const listener = listenUnix(path);
  setNonblocking(listener);
  expect(acceptConnection(listener)).toBeUndefined();
  const client = connectUnix(path);
  const accepted = acceptConnection(listener);
  expect(accepted).toBeGreaterThan(2);
  writeSync(client, 'hello');
  const buffer = Buffer.alloc(10);
  expect(receiveMessage(accepted as number, buffer)?.length).toBe(5);
  for (const fd of [listener, client, accepted as number]) closeSync(fd);
  rmSync(directory, { recursive: true });
});
