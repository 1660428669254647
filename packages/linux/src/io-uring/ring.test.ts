import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { needsFutexRing } from '../../../../test/framework/needs-futex-ring.ts';
import { testUnless } from '../../../../test/framework/skip.ts';
import { Ring } from './ring.ts';

const IORING_OP_NOP = 0;
const ringTest = (title: string, run: () => void) => testUnless(needsFutexRing(), title, run);

ringTest('more requests than the ring has places for are all completed, in order', () => {
  using ring = new Ring(8, 8);
  const tags = Array.from({ length: 100 }, (_, number) => number);
  for (const number of tags) ring.push({ opcode: IORING_OP_NOP, fd: -1, address: [0, 0], tag: [number, -number] });
  const completed: number[] = [];
  for (let rounds = 0; rounds < tags.length; rounds += 1) {
    ring.enter();
    for (const { tag, result } of ring.takeCompletions()) {
      expect([tag[1], result]).toEqual([-tag[0] | 0, 0]);
      completed.push(tag[0]);
    }
  }
  expect(completed).toEqual(tags);
  expect(ring.waiting).toBe(0);
});

ringTest('an operation that the kernel does not have is known before it is tried', () => {
  using ring = new Ring(1, 1);
  expect([ring.isSupported(IORING_OP_NOP), ring.isSupported(255)]).toEqual([true, false]);
});

test('a ring that cannot be is a system error, and leaves nothing open', () => {
  const before = readdirSync('/proc/self/fd').length;
  expect(() => new Ring(0, 0)).toThrow(expect.objectContaining({ syscall: 'io_uring_setup' }));
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});
