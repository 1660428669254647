import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { giveDevices } from './give-devices.ts';

const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: 4711, gid: 4712 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muvm-devices-'));
  for (const directory of ['dri/by-path', 'snd', 'input']) mkdirSync(join(root, 'dev', directory), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true }));

function place(name: string): string {
  const path = join(root, 'dev', name);
  writeFileSync(path, '', { mode: 0o600 });
  return path;
}

const ownerOf = (path: string) => `${statSync(path).uid}:${statSync(path).gid}`;

test('giveDevices() gives the user the devices of the machine, and no others', () => {
  const given = ['dri/renderD128', 'snd/pcmC0D0p', 'input/event0', 'hidraw3', 'uinput', 'kvm'].map(place);
  const kept = [place('vda'), place('input/mice'), join(root, 'dev/dri/by-path')];
  const before = kept.map(ownerOf);
  expect(giveDevices({ user }, root)).toBeUndefined();
  expect(new Set(given.map(ownerOf))).toEqual(new Set([`${user.uid}:${user.gid}`]));
  expect(kept.map(ownerOf)).toEqual(before);
});

test('giveDevices() opens FUSE to all, and says so where there is nothing else', () => {
  const fuse = place('fuse');
  expect(giveDevices({ user }, root)).toBe('there are none');
  expect((statSync(fuse).mode & 0o777).toString(8)).toBe('666');
});
