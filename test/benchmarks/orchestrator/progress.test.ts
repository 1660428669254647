import { describe, expect, test } from '@jest/globals';
import { Progress } from './progress.ts';

function watchProgress(...parts: readonly string[]) {
  const log: string[] = [];
  const progress = new Progress(
    { target: 'qemu', parts },
    {
      onEnvironment: ({ kernel }) => log.push(`on ${kernel}`),
      onBegin: (part) => log.push(`begin ${part}`),
      onResult: (result) => {
        const reason = result.outcome === 'measured' ? '' : `: ${result.reason}`;
        log.push(`${result.outcome} ${result.part} on ${result.target}${reason}`);
      },
    },
  );
  return { log, progress };
}

test('Progress passes on each event in order', () => {
  const { log, progress } = watchProgress('network', 'fences', 'x11');
  progress.take({ kind: 'environment', environment: { kernel: '6.12', cpuCount: 2 } });
  progress.take({ kind: 'begin', part: 'network' });
  progress.take({ kind: 'measured', part: 'network', figures: [], notes: [] });
  progress.take({ kind: 'failed', part: 'fences', reason: 'no VM' });
  progress.take({ kind: 'unavailable', part: 'x11', reason: 'no Xvfb' });
  expect(log).toEqual([
    'on 6.12',
    'begin network',
    'measured network on qemu',
    'failed fences on qemu: no VM',
    'unavailable x11 on qemu: no Xvfb',
  ]);
  expect(progress.exit('status 0')).toEqual([]);
});

describe('the exit of a worker', () => {
  test('fails the part that ran and leaves those after it', () => {
    const { log, progress } = watchProgress('network', 'fences', 'cold-start');
    progress.take({ kind: 'begin', part: 'network' });
    progress.take({ kind: 'measured', part: 'network', figures: [], notes: [] });
    progress.take({ kind: 'begin', part: 'fences' });
    expect(progress.exit('killed by SIGSEGV')).toEqual(['cold-start']);
    expect(log.at(-1)).toBe('failed fences on qemu: killed by SIGSEGV');
  });

  test('between two parts fails the next one', () => {
    const { log, progress } = watchProgress('network', 'fences', 'cold-start');
    progress.take({ kind: 'begin', part: 'network' });
    progress.take({ kind: 'measured', part: 'network', figures: [], notes: [] });
    expect(progress.exit('status 1')).toEqual(['cold-start']);
    expect(log.at(-1)).toBe('failed fences on qemu: status 1');
  });

  test('before any part fails all of them', () => {
    const { log, progress } = watchProgress('network', 'fences');
    expect(progress.exit('status 1')).toEqual([]);
    expect(log).toEqual(['failed network on qemu: status 1', 'failed fences on qemu: status 1']);
  });
});
