import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hashOfInputs } from './inputs.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-inputs-'));
  mkdirSync(join(directory, 'src'));
  writeFileSync(join(directory, 'src/a.ts'), 'a');
});
afterEach(() => rmSync(directory, { recursive: true }));

const hash = () => hashOfInputs([directory]);

test('hashOfInputs() is the same for the same files', () => {
  expect(hash()).toBe(hash());
});

test('hashOfInputs() changes with contents and names, and with new files', () => {
  const before = hash();
  writeFileSync(join(directory, 'src/a.ts'), 'b');
  const changed = hash();
  renameSync(join(directory, 'src/a.ts'), join(directory, 'src/c.ts'));
  const renamed = hash();
  writeFileSync(join(directory, 'src/d.ts'), '');
  expect(new Set([before, changed, renamed, hash()]).size).toBe(4);
});

test('hashOfInputs() does not depend on tests, documents and npm packages', () => {
  const before = hash();
  mkdirSync(join(directory, 'node_modules'));
  for (const name of ['src/a.test.ts', 'README.md', 'node_modules/x.ts']) writeFileSync(join(directory, name), 'x');
  expect(hash()).toBe(before);
});
