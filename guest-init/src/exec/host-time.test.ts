import { expect, test } from '@jest/globals';
import { HOST_TIME_HEADER } from '@muvm/protocol/contract';
import { followHostTime } from './host-time.ts';

function clockAfter(header: string | undefined): number | undefined {
  let set: number | undefined;
  followHostTime(header === undefined ? {} : { [HOST_TIME_HEADER]: header }, (unixMs) => {
    set = unixMs;
  });
  return set;
}

test('followHostTime() sets a clock that is off, to either side', () => {
  for (const offMs of [-700, 700]) {
    const hostMs = Date.now() + offMs;
    expect(clockAfter(String(hostMs))).toBe(hostMs);
  }
});

test('followHostTime() leaves a clock alone that is right, and one that nobody knows better', () => {
  expect(clockAfter(String(Date.now()))).toBeUndefined();
  for (const header of [undefined, '', 'soon', '-1', 'Infinity']) expect(clockAfter(header)).toBeUndefined();
});
