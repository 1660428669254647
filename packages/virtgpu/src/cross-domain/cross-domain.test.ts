import { describe, expect, test } from '@jest/globals';
import type { BlobOptions, Virtgpu } from '../virtgpu.ts';
import { CrossDomainChannel } from './channel.ts';
import { decodeChannelMessage } from './decode.ts';
import { encodeFutexDestroy, encodeFutexNew, encodeFutexSignal, encodeInit, encodePoll, encodeSend } from './encode.ts';
import { CHANNEL_TYPES, IDENTIFIER_TYPES, RECEIVE_DATA_BYTES_MAX, SEND_DATA_BYTES_MAX } from './protocol.ts';

/** Numbers of 32 bits, as the host reads them. */
const words = (bytes: Buffer) => Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(4 * index));
const header = (command: number, sizeBytes: number) => command | (sizeBytes << 16);

describe('commands', () => {
  test('that are short have the layout of the host', () => {
    expect(words(encodeInit({ query: 7, channel: 9 }, CHANNEL_TYPES.x11))).toEqual([header(1, 24), 0, 7, 9, 0x11, 1]);
    expect(words(encodePoll())).toEqual([header(3, 16), 0, 0, 0]);
    expect(words(encodeFutexNew({ fsId: 1n, handle: 0x2_0000_0003n }, 5))).toEqual([
      header(8, 32),
      ...[0, 1, 0, 3, 2, 5, 0],
    ]);
    expect(words(encodeFutexSignal(5))).toEqual([header(9, 16), 0, 5, 0]);
    expect(words(encodeFutexDestroy(5))).toEqual([header(10, 16), 0, 5, 0]);
  });

  test('that send have their data after 28 places for identifiers, and whole words', () => {
    const bytes = encodeSend(Buffer.from('hello'), [
      { id: 3, type: IDENTIFIER_TYPES.blob },
      { id: 4, type: IDENTIFIER_TYPES.sharedMemory },
    ]);
    const all = words(bytes);
    expect([all[0], all[2], all[3]]).toEqual([header(4, 360), 2, 5]);
    expect([all.slice(4, 7), all.slice(32, 35)]).toEqual([
      [3, 4, 0],
      [1, 5, 0],
    ]);
    expect(bytes.toString('latin1', 352)).toBe('hello\0\0\0');
  });

  test('that the host would drop without a word are not made', () => {
    const one = Buffer.of(1);
    const many = Array.from({ length: 29 }, () => ({ id: 1, type: 1 }));
    expect(() => encodeSend(Buffer.alloc(0), [])).toThrow(/Cannot send 0 bytes/);
    expect(() => encodeSend(Buffer.alloc(SEND_DATA_BYTES_MAX + 1), [])).toThrow(/Cannot send 65181 bytes/);
    expect(() => encodeSend(one, many)).toThrow(/Cannot send 29 identifiers/);
    const longest = encodeSend(Buffer.alloc(SEND_DATA_BYTES_MAX), many.slice(1));
    expect(longest.readUInt16LE(2)).toBe(longest.length);
  });
});

describe('decodeChannelMessage()', () => {
  test('reads data with what comes with it, capped by what a ring holds', () => {
    const ring = Buffer.alloc(4096);
    ring[0] = 5;
    ring.writeUInt32LE(1, 8);
    ring.writeUInt32LE(4, 12);
    ring.writeUInt32LE(77, 16);
    ring.writeUInt32LE(IDENTIFIER_TYPES.blob, 128);
    ring.writeUInt32LE(8192, 240);
    ring.write('abcd', 352);
    expect(decodeChannelMessage(ring)).toEqual({
      kind: 'data',
      data: Buffer.from('abcd'),
      identifiers: [{ id: 77, type: 1, sizeBytes: 8192 }],
    });
    ring.writeUInt32LE(0xffff_ffff, 8);
    ring.writeUInt32LE(0xffff_ffff, 12);
    const message = decodeChannelMessage(ring);
    if (message.kind !== 'data') throw new Error(message.kind);
    expect([message.data.length, message.identifiers.length]).toEqual([RECEIVE_DATA_BYTES_MAX, 28]);
  });

  test('reads the wake of a futex, and tells of what it does not know', () => {
    const ring = Buffer.alloc(4096);
    ring[0] = 9;
    ring.writeUInt32LE(12, 8);
    expect(decodeChannelMessage(ring)).toEqual({ kind: 'futex', id: 12 });
    ring[0] = 6;
    expect(decodeChannelMessage(ring)).toEqual({ kind: 'unknown', command: 6 });
  });
});

/** A device that writes down what is asked of it. Handles are numbers from 1, resources ten times those; descriptors of one ten are one buffer. */
function createDevice(fault?: string) {
  const said: string[] = [];
  const ring = Buffer.alloc(4096);
  let handles = 0;
  let events = 0;
  const say = (text: string) => {
    if (text.startsWith(fault ?? '-')) throw new Error(`no ${text}`);
    said.push(text);
  };
  const device = {
    fd: 3,
    initContext: ({ capsetId, ringCount, pollRingsMask }) => say(`init ${capsetId} ${ringCount} ${pollRingsMask}`),
    createBlob({ memory, sizeBytes, blobId }: BlobOptions) {
      say(`create ${memory} ${sizeBytes} ${blobId}`);
      handles += 1;
      return { handle: handles, resourceId: 10 * handles };
    },
    map: () => ({ address: 0n, words: new Int32Array(), bytes: ring, [Symbol.dispose]: () => say('unmap') }),
    execute: (commands, options) => say(`execute ${commands[0]} ring ${options?.ring}`),
    exportHandle(handle) {
      say(`export ${handle}`);
      return 100 + handle;
    },
    importHandle: (fd) => Math.floor(fd / 10),
    resourceInfo: (handle) => ({ resourceId: 10 * handle, sizeBytes: 1 }),
    closeHandle: (handle) => say(`close ${handle}`),
    readEvent: () => events-- > 0,
    [Symbol.dispose]: () => say('dispose'),
  } as Partial<Virtgpu> as Virtgpu;
  return { device, said, ring, comes: () => (events = 1) };
}

const CONNECTED = [
  'init 5 2 2',
  'create guest 4096 0',
  'create guest 4096 0',
  'execute 1 ring undefined',
  'execute 3 ring 1',
];

describe('a channel', () => {
  test('is connected with the rings that it has made, and asks for the first message', () => {
    const { device, said } = createDevice();
    {
      using channel = new CrossDomainChannel(device, CHANNEL_TYPES.x11);
      expect(said).toEqual(CONNECTED);
      channel.poll();
      expect(said).toEqual(CONNECTED);
    }
    expect(said.slice(CONNECTED.length)).toEqual(['unmap', 'dispose']);
  });

  test('lets go of the device when it cannot be made', () => {
    const { device, said } = createDevice('execute 1');
    expect(() => new CrossDomainChannel(device, CHANNEL_TYPES.x11)).toThrow('no execute 1');
    expect(said.at(-1)).toBe('dispose');
  });

  test('has one message for each time that it asks', () => {
    const { device, said, ring, comes } = createDevice();
    const channel = new CrossDomainChannel(device, CHANNEL_TYPES.x11);
    expect(channel.receive()).toBeUndefined();
    ring[0] = 9;
    comes();
    expect(channel.receive()).toEqual({ kind: 'futex', id: 0 });
    comes();
    expect(channel.receive()).toBeUndefined();
    channel.poll();
    expect(said.slice(CONNECTED.length)).toEqual(['execute 3 ring 1']);
  });

  test('takes a buffer of the host as a descriptor, and keeps nothing of it', () => {
    const { device, said } = createDevice();
    const channel = new CrossDomainChannel(device, CHANNEL_TYPES.x11);
    expect(channel.takeBuffer(66, 8192)).toBe(103);
    expect(said.slice(CONNECTED.length)).toEqual(['create host3d 8192 66', 'export 3', 'close 3']);
  });

  test('closes a buffer once that was given several times, also when sending fails', () => {
    const { device, said } = createDevice();
    const channel = new CrossDomainChannel(device, CHANNEL_TYPES.x11);
    channel.withBuffers([10, 20, 11], (ids) => said.push(`use ${ids}`));
    const fails = () => {
      throw new Error('failed');
    };
    expect(() => channel.withBuffers([30], fails)).toThrow('failed');
    expect(said.slice(CONNECTED.length)).toEqual(['use 10,20,10', 'close 1', 'close 2', 'close 3']);
  });
});
