import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firefoxProfile } from './firefox-profile.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muvm-firefox-'));
});

afterEach(() => rmSync(home, { recursive: true }));

test('firefoxProfile() is for those who have a Firefox, and makes nothing', () => {
  expect(firefoxProfile(home, 1000)).toBeUndefined();
  expect(readdirSync(home)).toEqual([]);
  mkdirSync(join(home, '.mozilla/firefox'), { recursive: true });
  expect(firefoxProfile(home, 1000)).toBe('/run/user/1000/firefox');
  expect(readdirSync(join(home, '.mozilla/firefox'))).toEqual([]);
});

test('firefoxProfile() is the one that the user has made', () => {
  const kept = join(home, '.mozilla/firefox/muvm-profile');
  mkdirSync(kept, { recursive: true });
  expect(firefoxProfile(home, 1000)).toBe(kept);
});
