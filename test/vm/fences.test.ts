/** Wake-ups of fences in a guest: by what its kernel has for that, by a timer without it, and where the host sends no signal. */
import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { mapShared } from '@muvm/linux';
import { type MuvmResult, onlyDriver, onlyOnce, REPOSITORY, until, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();
const file = `/dev/shm/muvm-test-fences-${process.pid}`;
const PEER = join(REPOSITORY, 'dist/peers/fences.cjs');
const PROGRAM = join(REPOSITORY, 'packages/linux/src/futex/futex-peer.cjs');
const WAITED_FOR = -1;
const timeoutMs = 120_000;

afterEach(() => rmSync(file, { force: true }));

const words = (mode: string) => [process.execPath, PEER, mode, PROGRAM, file];
const answerOf = ({ stdout, errors, status }: MuvmResult) => {
  expect({ errors, status }).toEqual({ errors: '', status: 0 });
  return JSON.parse(stdout) as unknown;
};

vm.test(
  'the kernel of a guest tells of wakes without a thread, and of none that are ours',
  async () => {
    const result = await vm.run(['--', ...words('watch')], { timeoutMs });
    expect(answerOf(result)).toEqual({ kind: 'io_uring', echo: [], hasWaited: true, told: [7] });
  },
  { timeoutMs, skip: onlyOnce() },
);

vm.test(
  'where it may not, a timer does',
  async () => {
    const setting = '/proc/sys/kernel/io_uring_disabled';
    const script = `echo 2 > ${setting} && { "$@"; status=$?; echo 0 > ${setting}; exit $status; }`;
    const result = await vm.run(['--privileged', '--', 'sh', '-c', script, 'sh', ...words('watch')], { timeoutMs });
    expect(answerOf(result)).toEqual({ kind: 'timer', echo: [], hasWaited: true, told: [7] });
  },
  { timeoutMs, skip: onlyOnce() },
);

vm.test(
  'a program of the guest wakes when the host triggers its fence and no signal comes',
  async () => {
    const fd = openSync(file, 'wx+', 0o600);
    ftruncateSync(fd, 4);
    using fence = mapShared(fd, 4);
    closeSync(fd);
    const guest = vm.start(['--', ...words('await')], { timeoutMs });
    expect(await until(() => Atomics.load(fence.words, 0) === WAITED_FOR, timeoutMs)).toBe(true);
    Atomics.store(fence.words, 0, 1);
    expect(answerOf(await guest.result)).toEqual({ hasWaited: true, value: 1 });
  },
  { timeoutMs, skip: onlyDriver('libkrun') },
);
