import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import type { GuestConfig } from '@muvm/protocol/contract';
import { Console } from '../console/index.ts';
import { MOUNTS } from '../mounts/index.ts';
import { BOOT, type BootStepPlan, bootGuest } from './index.ts';

let directory: string;
const config: GuestConfig = {
  transport: 'virtio-serial',
  hostname: 'guest',
  user: { uid: 1000, gid: 1000, groups: [], name: 'ada', home: '/home/ada', shell: '/bin/sh' },
  vsockPacketBytes: null,
  environment: {},
  sharedMemoryTag: null,
  forwardedSockets: [],
  publishedSockets: [],
  x11: { kind: 'none', reason: 'not in a test' },
  hooks: { root: [], user: [] },
  emulation: { interpreters: [], isOptional: true },
  foreignRoot: null,
  udevPath: null,
  openFilesMax: 1024,
  verbose: true,
};

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-boot-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Boots by this plan. @returns the result and what the console said */
function boot(plan: readonly BootStepPlan[], text = JSON.stringify(config)) {
  const configPath = join(directory, 'config.json');
  const consolePath = join(directory, 'console');
  writeFileSync(configPath, text);
  const guest = bootGuest(plan, configPath, new Console(openSync(consolePath, 'w')));
  return { ...guest, isConfigGone: !existsSync(configPath), said: readFileSync(consolePath, 'utf8') };
}

const done: string[] = [];
const step = (name: string, isRequired: boolean, result?: string | Error): BootStepPlan => ({
  name,
  isRequired,
  run() {
    done.push(name);
    if (result instanceof Error) throw result;
    return result;
  },
});

describe('bootGuest()', () => {
  test('runs the steps in their order, with their times, and removes the configuration', () => {
    done.length = 0;
    const guest = boot([step('a', true), step('b', false, 'nothing to do'), step('c', true)]);
    expect(done).toEqual(['a', 'b', 'c']);
    expect(guest.bootFailure).toBeUndefined();
    expect(guest.bootSteps.map(({ name, skippedReason }) => [name, skippedReason])).toEqual([
      ['a', ''],
      ['b', 'nothing to do'],
      ['c', ''],
    ]);
    for (const { durationMs } of guest.bootSteps) expect(durationMs).toBeGreaterThanOrEqual(0);
    expect(guest.isConfigGone).toBe(true);
    expect(guest.said).toMatch(/^muvm-guest: a [\d.]+ ms\nmuvm-guest: b [\d.]+ ms, skipped: nothing to do\n/);
  });

  test('goes on after an optional step that fails, and keeps its reason', () => {
    const guest = boot([step('a', false, new Error('no luck')), step('b', true)]);
    expect(guest.bootFailure).toBeUndefined();
    expect(guest.bootSteps.map((each) => [each.skippedReason, each.failed])).toEqual([
      ['no luck', true],
      ['', false],
    ]);
    expect(guest.said).toMatch(/^muvm-guest: a [\d.]+ ms, failed: no luck\n/);
  });

  test('keeps the hint of a step that fails, which is that of the boot too', () => {
    const error = new MuvmError('BOOT_FAILED', 'no luck', { hint: 'Try again.' });
    const guest = boot([step('a', false, error), step('b', true, error)]);
    expect(guest.bootSteps.map(({ hint }) => hint)).toEqual(['Try again.', 'Try again.']);
    expect(guest.bootFailure?.hint).toBe('Try again.');
  });

  test('stops at a required step that fails, and says so on the console', () => {
    done.length = 0;
    const guest = boot([step('a', true), step('b', true, new Error('no luck')), step('c', true)]);
    expect(done).toEqual(['a', 'b']);
    expect(guest.bootFailure).toMatchObject({
      code: 'BOOT_FAILED',
      message: 'Cannot run commands as the boot step "b" failed: no luck',
    });
    expect(guest.said).toContain('Cannot run commands as the boot step "b" failed: no luck. Read the console');
  });

  test('fails with a reason, and no step done, where the configuration is no good', () => {
    done.length = 0;
    const guest = boot([step('a', true)], '{"transport":"pigeon"}');
    expect(done).toEqual([]);
    expect(guest.bootFailure?.message).toContain('the boot step "config" failed: Cannot use');
    expect(guest.isConfigGone).toBe(true);
  });

  test('fails with a reason where there is no configuration', () => {
    const guest = bootGuest([step('a', true)], join(directory, 'none'), new Console(openSync('/dev/null', 'w')));
    expect(guest.bootFailure?.message).toContain('no such file or directory');
  });
});

describe('BOOT', () => {
  test('names each step once, and raises the limits before anything opens files', () => {
    const names = BOOT.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe('rlimits');
  });
});

describe('MOUNTS', () => {
  test('never covers what is shared with the host', () => {
    for (const shared of ['/', '/tmp', '/home', '/etc', '/usr', '/var']) {
      expect(MOUNTS.map(({ target }) => target)).not.toContain(shared);
    }
  });

  test('mounts a directory before what lies under it', () => {
    const targets = MOUNTS.map(({ target }) => target);
    for (const [index, target] of targets.entries()) {
      expect(targets.slice(0, index).filter((earlier) => earlier.startsWith(`${target}/`))).toEqual([]);
    }
  });
});
