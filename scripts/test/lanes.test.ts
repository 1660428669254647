import { expect, test } from '@jest/globals';
import { runInLanes } from './lanes.ts';

test('runInLanes() starts jobs in their order, never more than there are lanes', async () => {
  const started: number[] = [];
  const release = new Map<number, () => void>();
  const done = runInLanes([1, 2, 3], 2, (job) => {
    started.push(job);
    return new Promise((resolve) => release.set(job, resolve));
  });
  expect(started).toEqual([1, 2]);
  release.get(2)?.();
  await new Promise(setImmediate);
  expect(started).toEqual([1, 2, 3]);
  release.get(3)?.();
  release.get(1)?.();
  await done;
});

test('runInLanes() fails if a job fails', async () => {
  await expect(runInLanes(['a'], 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('runInLanes() starts no job after an abort', async () => {
  const started: number[] = [];
  const controller = new AbortController();
  const run = async (job: number) => {
    started.push(job);
    controller.abort();
  };
  await runInLanes([1, 2, 3], 1, run, controller.signal);
  expect(started).toEqual([1]);
});
