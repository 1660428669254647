/**
 * `/dev/shm` is one memory on both sides (virtiofs with DAX): what one side stores in a mapped file, the other loads, with
 * the guarantees of atomic operations. Fences of X11 clients stand on this.
 */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { mapShared } from '@muvm/linux';
import { onlyDriver, REPOSITORY, type RunningMuvm, until, useWarmVm } from '../framework/index.ts';
import { ADDITIONS, dance, danced, PAGE_BYTES, ROUNDS } from '../peers/dance.ts';

const vm = useWarmVm();
const file = `/dev/shm/muvm-test-${process.pid}`;
const skip = onlyDriver('libkrun');
const timeoutMs = 120_000;
const BOTH = { sum: 2 * ADDITIONS, guarded: 2 * ROUNDS };

afterEach(() => {
  for (const path of [file, `${file}.opened`]) rmSync(path, { force: true });
});

const peer = (mode: string): RunningMuvm =>
  vm.start(['--', process.execPath, join(REPOSITORY, 'dist/peers/shared-memory.cjs'), mode, file], { timeoutMs });

/** Opens the file that the guest makes, and waits until it is a page long. */
async function openWhenThere(): Promise<number> {
  expect(await until(() => existsSync(file), timeoutMs)).toBe(true);
  const fd = openSync(file, 'r+');
  writeFileSync(`${file}.opened`, '');
  expect(await until(() => fstatSync(fd).size === PAGE_BYTES, timeoutMs)).toBe(true);
  return fd;
}

/** Dances with the guest over an open file. */
async function danceOver(fd: number, guest: RunningMuvm): Promise<void> {
  using memory = mapShared(fd, PAGE_BYTES);
  dance(memory.words, 'host');
  expect(await guest.result).toMatchObject({ stdout: 'danced\n', errors: '', status: 0 });
  expect(danced(memory.words)).toEqual(BOTH);
}

describe('a file of /dev/shm', () => {
  vm.test(
    'that the host makes is the same memory in the guest',
    async () => {
      const fd = openSync(file, 'wx+');
      ftruncateSync(fd, PAGE_BYTES);
      await danceOver(fd, peer('open'));
      closeSync(fd);
    },
    { timeoutMs, skip },
  );

  vm.test(
    'that the guest makes is the same memory on the host',
    async () => {
      const guest = peer('make');
      const fd = await openWhenThere();
      await danceOver(fd, guest);
      closeSync(fd);
    },
    { timeoutMs, skip },
  );

  vm.test(
    'that is unlinked once both have opened it is shared all the same',
    async () => {
      const guest = peer('unlink');
      const fd = await openWhenThere();
      expect(existsSync(file)).toBe(false);
      await danceOver(fd, guest);
      closeSync(fd);
    },
    { timeoutMs, skip },
  );
});
