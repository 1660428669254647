/**
 * Fences of programs with an older libxshmfence, in the guest, with its kernel and its `/dev/shm`: with libkrun that is the
 * host's, and the program's memory is a page of the host afterwards.
 */
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { REPOSITORY, scaled, useWarmVm } from '../framework/index.ts';
import { fenceSkipReason } from '../peers/fence-library.ts';

const vm = useWarmVm();
const MOVER = join(REPOSITORY, 'dist/peers/fence-mover.cjs');
const timeoutMs = 120_000;

describe('a fence that is a memfd', () => {
  vm.test(
    'becomes a file of /dev/shm in a program of the user that waits for it, which then wakes by the file',
    async () => {
      const count = scaled(30);
      const { stdout, stderr, status } = await vm.run(['--', process.execPath, MOVER, `${count}`], { timeoutMs });
      expect({ stderr, status }).toMatchObject({ status: 0 });
      expect(JSON.parse(stdout)).toMatchObject({
        woken: count,
        memfds: [2, 0],
        files: 2,
        longestMs: expect.any(Number),
      });
    },
    { timeoutMs, skip: fenceSkipReason() },
  );
});
