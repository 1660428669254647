import { describe, expect, test } from '@jest/globals';
import { createBudget, repeat, sampleInTurns } from './budget.ts';

/** A budget on a clock that only the rounds advance. */
function onFakeClock(budgetMs: number, signal?: AbortSignal) {
  const clock = { ms: 1000 };
  const budget = createBudget(budgetMs, { nowMs: () => clock.ms, ...(signal ? { signal } : {}) });
  const spend = (ms: number) => async () => {
    clock.ms += ms;
    return ms;
  };
  return { budget, spend };
}

describe('repeat()', () => {
  test.each([
    { budgetMs: 100, roundMs: 1, made: 9, why: 'stops at the most rounds' },
    { budgetMs: 100, roundMs: 30, made: 3, why: 'stops before a round that does not fit' },
    { budgetMs: 100, roundMs: 500, made: 2, why: 'makes the fewest rounds over budget' },
  ])('$why', async ({ budgetMs, roundMs, made }) => {
    const { budget, spend } = onFakeClock(budgetMs);
    expect(await repeat(budget, { atLeast: 2, atMost: 9 }, spend(roundMs))).toHaveLength(made);
  });

  test('throws the reason of an interrupt after the round that runs', async () => {
    const interruption = new AbortController();
    const { budget } = onFakeClock(100, interruption.signal);
    let rounds = 0;
    const run = repeat(budget, { atLeast: 5, atMost: 5 }, async () => {
      rounds += 1;
      interruption.abort(new Error('interrupted'));
    });
    await expect(run).rejects.toThrow('interrupted');
    expect(rounds).toBe(1);
  });
});

test('share() divides what is left among the next steps', async () => {
  const { budget, spend } = onFakeClock(100);
  await spend(40)();
  const share = budget.share(3);
  expect(share.leftMs()).toBe(20);
  await spend(30)();
  expect([share.leftMs(), budget.leftMs()]).toEqual([-10, 30]);
});

test('sampleInTurns() takes one sample of each in every round', async () => {
  const { budget } = onFakeClock(100);
  const order: string[] = [];
  const take = (name: string) => async () => order.push(name);
  const samples = await sampleInTurns(budget, { atLeast: 2, atMost: 2 }, { one: take('one'), other: take('other') });
  expect(order).toEqual(['one', 'other', 'one', 'other']);
  expect(samples).toEqual({ one: [1, 3], other: [2, 4] });
});
