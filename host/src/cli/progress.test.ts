import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ProgressEvent } from '../control/index.ts';
import { Progress } from './progress.ts';

class Screen {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns = 80) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

async function* phases(): AsyncIterable<ProgressEvent> {
  yield { phase: 'virtual machine', atMs: 412.6 };
  yield { phase: 'init', atMs: 2011 };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('Progress', () => {
  test('shows nothing of a start that is over soon', async () => {
    const screen = new Screen(true);
    const progress = new Progress('line', screen);
    progress.follow(phases, { isOurStart: false });
    await jest.advanceTimersByTimeAsync(299);
    progress[Symbol.dispose]();
    await jest.advanceTimersByTimeAsync(1000);
    expect(screen.text).toBe('');
  });

  test('shows the phases of a longer start on one line, and erases it', async () => {
    const screen = new Screen(true);
    const progress = new Progress('line', screen);
    progress.follow(phases, { isOurStart: false });
    await jest.advanceTimersByTimeAsync(450);
    expect(screen.text).toContain('virtual machine · init');
    expect(screen.text).not.toContain('\n');
    progress[Symbol.dispose]();
    expect(screen.text.endsWith('\r\x1b[2K')).toBe(true);
  });

  test('never draws a line that the terminal would wrap', async () => {
    const screen = new Screen(true, 20);
    const progress = new Progress('line', screen);
    progress.follow(phases, { isOurStart: false });
    await jest.advanceTimersByTimeAsync(1000);
    progress[Symbol.dispose]();
    for (const line of screen.text.split('\r\x1b[2K')) expect(line.length).toBeLessThan(20);
  });

  test('shows nothing where standard error is no terminal, or nothing is wished for', async () => {
    for (const [style, isTTY] of [
      ['line', false],
      ['quiet', true],
    ] as const) {
      const screen = new Screen(isTTY);
      using progress = new Progress(style, screen);
      progress.follow(phases, { isOurStart: false });
      await jest.advanceTimersByTimeAsync(1000);
      expect(screen.text).toBe('');
    }
  });

  test('prints a line for each phase where that is wished for', async () => {
    const screen = new Screen(false);
    using progress = new Progress('verbose', screen);
    progress.follow(phases, { isOurStart: false });
    await jest.advanceTimersByTimeAsync(0);
    expect(screen.text).toBe('muvm:   413 ms  virtual machine\nmuvm:  2011 ms  init\n');
  });

  test('prints the boot steps of the guest where that is wished for, with no control characters of it', async () => {
    const screen = new Screen(false);
    using progress = new Progress('verbose', screen);
    const done = { skippedReason: '', failed: false, hint: '' };
    progress.follow(
      async function* () {
        yield { step: { name: 'mounts', durationMs: 12.34, ...done } };
        yield { step: { name: 'udev', durationMs: 0.2, ...done, skippedReason: 'there is\nnone' } };
        yield { step: { name: 'x', durationMs: 1, skippedReason: 'no \x1b[2J', failed: true, hint: 'Do it.' } };
      },
      { isOurStart: true },
    );
    await jest.advanceTimersByTimeAsync(0);
    expect(screen.text.split('\n')).toEqual([
      'muvm:           · mounts 12.3 ms',
      'muvm:           · udev 0.2 ms, skipped: there is none',
      'muvm:           · x 1.0 ms, failed: no \u{fffd}[2J. Do it.',
      '',
    ]);
  });

  test('tells what there is to say to the one who started the VM, on a terminal or not', async () => {
    async function* notices(): AsyncIterable<ProgressEvent> {
      yield { notice: 'no GPU' };
    }
    const seen = (style: 'quiet' | 'line' | 'verbose', isOurStart: boolean) => {
      const screen = new Screen(false);
      new Progress(style, screen).follow(notices, { isOurStart });
      return screen;
    };
    const [line, verbose, quiet, joined] = [
      seen('line', true),
      seen('verbose', true),
      seen('quiet', true),
      seen('line', false),
    ];
    await jest.advanceTimersByTimeAsync(0);
    expect([line.text, verbose.text]).toEqual(['muvm: note: no GPU\n', 'muvm: note: no GPU\n']);
    expect([quiet.text, joined.text]).toEqual(['', '']);
  });

  test('lets whoever waits for the VM tell what went wrong', async () => {
    const screen = new Screen(true);
    using progress = new Progress('line', screen);
    const gone = () => {
      throw new Error('gone');
    };
    progress.follow(gone, { isOurStart: true });
    await jest.advanceTimersByTimeAsync(1000);
    expect(screen.text).not.toContain('gone');
  });
});
