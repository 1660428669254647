import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cacheDirectory } from './cache-directory.ts';
import { remember } from './remember.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-cache-'));
  file = join(directory, 'program');
  writeFileSync(file, 'one');
});

afterEach(() => rmSync(directory, { recursive: true }));

const options = () => ({ question: 'version', shape: /^\d+$/, directory: join(directory, 'cache') });

test('remember() asks once, and again when the file has changed', async () => {
  expect(await remember(file, options(), () => '1')).toBe('1');
  expect(await remember(file, options(), () => '2')).toBe('1');
  utimesSync(file, 1, 1);
  expect(await remember(file, options(), () => '2')).toBe('2');
});

test('remember() asks again where what it kept cannot be an answer', async () => {
  await remember(file, options(), () => '1');
  for (const name of readdirSync(options().directory)) writeFileSync(join(options().directory, name), 'broken');
  expect(await remember(file, options(), () => '3')).toBe('3');
});

test('remember() answers where nothing can be kept', async () => {
  expect(await remember(file, { ...options(), directory: join(file, 'cache') }, () => '4')).toBe('4');
});

test('cacheDirectory() follows XDG_CACHE_HOME where that is absolute', () => {
  expect(cacheDirectory({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/muvm');
  expect(cacheDirectory({ XDG_CACHE_HOME: 'cache' })).toMatch(/\/\.cache\/muvm$/);
});
