import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { hostChecks } from './checks.ts';
import { runChecks } from './run-checks.ts';

test('the table of checks uses no name twice, and writes each as one word', () => {
  const names = hostChecks({ env: {}, name: 'default', libkrunPath: undefined, bundleDirectory: '/' }).map(
    ({ name }) => name,
  );
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test('the checks answer about this machine, and leave nothing behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
  try {
    const env = { XDG_RUNTIME_DIR: directory, XDG_CACHE_HOME: directory };
    const bundleDirectory = join(import.meta.dirname, '../../../dist');
    const checks = hostChecks({ env, name: 'default', libkrunPath: undefined, bundleDirectory });
    const outcomes = await runChecks(checks, 60_000);
    expect(outcomes.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
    expect(outcomes.filter(({ text }) => text.startsWith('This could not be checked'))).toEqual([]);
    expect(outcomes.find(({ name }) => name === 'run-directory')).toMatchObject({ state: 'ok' });
    expect(readdirSync(directory)).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
