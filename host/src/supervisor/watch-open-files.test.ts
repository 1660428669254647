import { describe, expect, test } from '@jest/globals';
import { watchOpenFiles } from './watch-open-files.ts';

const LIMIT = 1000;

/** A guest that looks at so many more files in each interval; `used` and `cached` of them it cannot or will not just forget. */
function guest(perInterval: readonly number[], { used = 0, cached = 0, fails = 0 } = {}) {
  const coming = [...perInterval];
  const state = { open: 0, peak: 0, failures: fails };
  const asked: boolean[] = [];
  const waits: number[] = [];
  const lines: string[] = [];
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(`! ${line}`) };
  const watching = watchOpenFiles(
    {
      look: () => ({ open: state.open, limit: LIMIT }),
      release: async (isCachedToo) => {
        asked.push(isCachedToo);
        if (state.failures-- > 0) throw new Error('busy');
        state.open = Math.min(state.open, used + (isCachedToo ? 0 : cached));
      },
      wait: async (timeMs, signal) => {
        waits.push(timeMs);
        const more = coming.shift();
        if (more === undefined) finish();
        if (more === undefined || signal.aborted) return new Promise(() => {});
        state.open += more;
        state.peak = Math.max(state.peak, state.open);
      },
    },
    log,
  );
  return { asked, waits, lines, state, done, watching };
}

describe('watchOpenFiles()', () => {
  test('asks for nothing below half of the limit, and looks more often from a quarter on', async () => {
    const { asked, waits, done, lines } = guest([100, 100, 100, 100]);
    await done;
    expect(asked).toEqual([]);
    expect(lines).toEqual([]);
    expect(waits).toEqual([250, 250, 250, 50, 50]);
  });

  test('keeps a guest that looks at file after file below the limit', async () => {
    const { asked, done, state, lines } = guest(Array.from({ length: 100 }, () => 90));
    await done;
    expect(state.peak).toBeLessThan(LIMIT * 0.7);
    expect(asked.length).toBeGreaterThan(5);
    expect(new Set(asked)).toEqual(new Set([false]));
    expect(lines[0]).toBe(
      'files open for the guest: 540 of at most 1000, 90 once it forgot those that it does not use',
    );
  });

  test('takes what is cached too where the rest is not enough', async () => {
    const { asked, done, lines } = guest([600, 0, 0, 0], { cached: 550 });
    await done;
    expect(asked).toEqual([false, true]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('!');
  });

  test('says so where they are in use, and asks again when half of the rest is gone too', async () => {
    const { asked, done, lines } = guest([600, 0, 0, 0, 0, 0, 250, 0, 0], { used: 600 });
    await done;
    expect(asked).toEqual([false, true, false, true]);
    expect(lines[0]).toContain('! files open for the guest: 600 of at most 1000, 600 once');
  });

  test('asks again where the guest did not answer', async () => {
    const { asked, done, lines } = guest([600, 0, 0, 0], { fails: 1 });
    await done;
    expect(asked).toEqual([false, false]);
    expect(lines[0]).toBe('! guest was not told to forget files: busy');
  });
});
