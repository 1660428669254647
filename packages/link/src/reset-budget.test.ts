import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ResetBudget } from './reset-budget.ts';

describe('ResetBudget', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('spend() sends 900 resets at once and then 30 a second, in their order', () => {
    const budget = new ResetBudget();
    const sent: number[] = [];
    for (let index = 0; index < 1000; index += 1) budget.spend(() => sent.push(index));
    expect(sent).toHaveLength(900);
    jest.advanceTimersByTime(1000);
    expect(sent).toHaveLength(930);
    jest.advanceTimersByTime(3000);
    expect(sent).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  });

  test('spend() has its whole burst again after a rest, and keeps no timer then', () => {
    const budget = new ResetBudget();
    for (let index = 0; index < 900; index += 1) budget.spend(() => {});
    jest.advanceTimersByTime(30_000);
    expect(jest.getTimerCount()).toBe(0);
    let sent = 0;
    for (let index = 0; index < 900; index += 1) budget.spend(() => sent++);
    expect(sent).toBe(900);
  });

  test('release() sends all that waits', () => {
    const budget = new ResetBudget();
    let sent = 0;
    for (let index = 0; index < 2000; index += 1) budget.spend(() => sent++);
    budget.release();
    expect([sent, jest.getTimerCount()]).toEqual([2000, 0]);
  });
});
