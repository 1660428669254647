import { closeSync, openSync, writeSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createPipe } from './descriptor.ts';
import { addressOf, ioctl, ioctlNumber } from './ioctl.ts';
import { loadKoffi } from './koffi.ts';

// asm-generic/ioctls.h: FIONREAD, which is older than the macros.
const READABLE_BYTES = { name: 'FIONREAD', number: 0x541b };

test('ioctlNumber() makes numbers as the macros of asm-generic/ioctl.h do, without a sign', () => {
  expect(ioctlNumber('read', 'v', 1, 16)).toBe(0x8010_7601);
  expect(ioctlNumber('write', 'd', 0x09, 8)).toBe(0x4008_6409);
  expect(ioctlNumber('readWrite', 'd', 0x4a, 48)).toBe(0xc030_644a);
});

test('ioctl() lets the kernel answer in the argument', () => {
  const { readEnd, writeEnd } = createPipe();
  writeSync(writeEnd, 'five!');
  const answer = Buffer.alloc(4);
  expect(ioctl(readEnd, READABLE_BYTES, answer)).toBe(0);
  expect(answer.readInt32LE(0)).toBe(5);
  closeSync(readEnd);
  closeSync(writeEnd);
});

test('ioctl() fails as the request by its name', () => {
  const fd = openSync('/dev/null', 'r');
  expect(() => ioctl(fd, READABLE_BYTES, Buffer.alloc(4))).toThrow(
    expect.objectContaining({ code: 'ENOTTY', syscall: 'FIONREAD' }),
  );
  closeSync(fd);
});

test('addressOf() tells where the bytes of a buffer are, of a part of one too', () => {
  const whole = Buffer.from('a whole buffer');
  const part = whole.subarray(2, 7);
  expect(addressOf(part) - addressOf(whole)).toBe(2n);
  expect(Buffer.from(loadKoffi().view(addressOf(part), part.length)).toString()).toBe('whole');
});
