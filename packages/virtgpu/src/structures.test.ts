import { describe, expect, test } from '@jest/globals';
import * as structures from './structures.ts';
import { BLOB_FLAGS, CAPSETS } from './virtgpu.ts';

const u32 = (bytes: Buffer) => Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
const ADDRESS = 0x7fff_1234_5678n;
const [HIGH, LOW] = [0x7fff, 0x1234_5678];

describe('the structures of the ioctls', () => {
  test('of questions have the address of the answer', () => {
    expect(u32(structures.encodeParameter(3, ADDRESS))).toEqual([3, 0, LOW, HIGH]);
    expect(u32(structures.encodeCapabilities(CAPSETS.crossDomain, 1, ADDRESS, 16))).toEqual([5, 1, LOW, HIGH, 16, 0]);
  });

  test('of a context have its parameters as pairs', () => {
    const parameters = structures.encodeContextParameters({ capsetId: 5, ringCount: 2, pollRingsMask: 2 });
    expect(u32(parameters)).toEqual([1, 0, 5, 0, 2, 0, 2, 0, 3, 0, 2, 0]);
    expect(u32(structures.encodeContextInit(parameters, ADDRESS))).toEqual([3, 0, LOW, HIGH]);
  });

  test('of a blob have its size and number in 64 bits, and room for two answers', () => {
    const flags = BLOB_FLAGS.mappable | BLOB_FLAGS.shareable;
    const bytes = structures.encodeCreateBlob({ memory: 'host3d', flags, sizeBytes: 2 ** 33, blobId: 0x8000_0001n });
    expect(u32(bytes)).toEqual([2, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0x8000_0001, 0]);
    bytes.writeUInt32LE(7, 8);
    bytes.writeUInt32LE(70, 12);
    expect(structures.decodeCreateBlob(bytes)).toEqual({ handle: 7, resourceId: 70 });
    const guest = structures.encodeCreateBlob({ memory: 'guest', flags: 1, sizeBytes: 4096, blobId: 0n });
    expect(u32(guest).slice(0, 6)).toEqual([1, 1, 0, 0, 4096, 0]);
  });

  test('of a mapping give an offset that needs 64 bits', () => {
    const bytes = structures.encodeMap(9);
    expect(u32(bytes)).toEqual([0, 0, 9, 0]);
    bytes.writeBigUInt64LE(0x1_0000_1000n, 0);
    expect(structures.decodeMap(bytes)).toBe(0x1_0000_1000n);
  });

  test('of commands name a ring only if there is one, ring 0 included', () => {
    const fields = { commandsAddress: ADDRESS, commandsBytes: 24, handlesAddress: 0n, handleCount: 0 };
    const nowhere = 0xffff_ffff;
    const without = structures.encodeExecute({ ...fields, ring: undefined });
    expect(u32(without)).toEqual([0, 24, LOW, HIGH, 0, 0, 0, nowhere, 0, 0]);
    expect(u32(structures.encodeExecute({ ...fields, ring: 0 }))[0]).toBe(4);
    const withAll = structures.encodeExecute({ ...fields, handlesAddress: ADDRESS, handleCount: 2, ring: 1 });
    expect(u32(withAll)).toEqual([4, 24, LOW, HIGH, LOW, HIGH, 2, nowhere, 1, 0]);
    expect(u32(structures.encodeHandles([3, 4]))).toEqual([3, 4]);
  });

  test('of dma-bufs are closed on exec', () => {
    expect(u32(structures.encodePrime({ handle: 5 }))).toEqual([5, 0x80002, 0xffff_ffff]);
    expect(u32(structures.encodePrime({ fd: 12 }))).toEqual([0, 0, 12]);
    expect(structures.decodePrime(structures.encodePrime({ fd: 12 }))).toEqual({ handle: 0, fd: 12 });
  });

  test('of one handle alone begin with it', () => {
    expect(u32(structures.encodeCloseHandle(6))).toEqual([6, 0]);
    const bytes = structures.encodeResourceInfo(6);
    expect(u32(bytes)).toEqual([6, 0, 0, 0]);
    bytes.writeUInt32LE(60, 4);
    bytes.writeUInt32LE(0xffff_f000, 8);
    expect(structures.decodeResourceInfo(bytes)).toEqual({ resourceId: 60, sizeBytes: 0xffff_f000 });
  });
});

test('checkEvent() takes the event of a fence alone', () => {
  const event = Buffer.alloc(structures.EVENT_BYTES);
  event.writeUInt32LE(0x9000_0000, 0);
  event.writeUInt32LE(8, 4);
  structures.checkEvent(event);
  event.writeUInt32LE(2, 0);
  expect(() => structures.checkEvent(event)).toThrow('Cannot take an event of type 0x2 as it must be that of a fence');
  expect(() => structures.checkEvent(Buffer.alloc(0))).toThrow('of 0 bytes');
});
