/** Host and guest share one file system: what one writes, the other reads, with all that belongs to a file. */
import { createHash, randomFillSync } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  createReadStream,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect } from '@jest/globals';
import { onlyOnce, patient, programsMissing, scaled, TEST_DRIVER, until, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();
const path = (name: string) => join(vm.sandbox.files, name);
const LARGE_MS = 240_000;
// libkrun lets the guest keep names and attributes for 5 s (passthrough.rs), and offers no way to say otherwise.
const CHANGES_MS = TEST_DRIVER === 'libkrun' ? 10_000 : 3000;

const sh = async (script: string, timeoutMs = 30_000) => {
  const { stdout, stderr, status } = await vm.run(['--', 'sh', '-c', script], { timeoutMs });
  if (status !== 0) throw new Error(`"${script}" ended with status ${status}: ${stderr}`);
  return stdout;
};

vm.test('a file written in the guest is read on the host, and the reverse', async () => {
  await sh('echo from the guest > a');
  expect(readFileSync(path('a'), 'utf8')).toBe('from the guest\n');
  writeFileSync(path('b'), 'from the host\n');
  expect(await sh('cat b')).toBe('from the host\n');
});

vm.test('permissions and times are the same on both sides', async () => {
  await sh('touch -d @1000000000 perm; chmod 2741 perm');
  expect((statSync(path('perm')).mode & 0o7777).toString(8)).toBe('2741');
  expect(statSync(path('perm')).mtimeMs).toBe(1_000_000_000_000);
  chmodSync(path('perm'), 0o600);
  expect(await until(async () => (await sh('stat -c %a perm')) === '600\n', CHANGES_MS)).toBe(true);
});

vm.test('links, hard and symbolic, are the same on both sides', async () => {
  await sh('echo x > target; ln target hard; ln -s target soft');
  expect(lstatSync(path('hard')).ino).toBe(lstatSync(path('target')).ino);
  expect(readlinkSync(path('soft'))).toBe('target');
  writeFileSync(path('mine'), 'y');
  linkSync(path('mine'), path('mine-too'));
  symlinkSync('/etc/passwd', path('away'));
  expect(await sh('stat -c %h mine; readlink away')).toBe('2\n/etc/passwd\n');
});

vm.test('renames and removals show on the other side', async () => {
  await sh('mkdir d; echo 1 > d/old; mv d/old d/new');
  expect(existsSync(path('d/old'))).toBe(false);
  renameSync(path('d/new'), path('d/newer'));
  expect(await until(async () => (await sh('ls d')) === 'newer\n', CHANGES_MS)).toBe(true);
  rmSync(path('d'), { recursive: true });
  expect(await until(async () => (await sh('test -e d && echo there || echo gone')) === 'gone\n', CHANGES_MS)).toBe(
    true,
  );
});

vm.test(
  'what the guest writes is neither from the future nor from the past',
  async () => {
    const beforeMs = Date.now();
    const seconds = Number((await vm.run(['--', 'date', '+%s.%N'])).stdout);
    expect(seconds * 1000).toBeGreaterThan(beforeMs - 100);
    expect(seconds * 1000).toBeLessThan(Date.now() + 100);
  },
  { skip: onlyOnce() },
);

vm.test('a change shows on the other side within 1 s', async () => {
  writeFileSync(path('growing'), '0\n');
  const reader = vm.start([
    '--',
    'sh',
    '-c',
    'echo begin; until grep -q stop growing; do sleep 0.1; done; echo saw it',
  ]);
  await reader.untilOutput('begin');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const changedMs = performance.now();
  appendFileSync(path('growing'), 'stop\n');
  await reader.untilOutput('saw it');
  expect(performance.now() - changedMs).toBeLessThan(patient(1500));
  await reader.result;
});

vm.test(
  'a lock held in the guest is seen by others in the guest',
  async () => {
    const script = 'flock -n lock sh -c "flock -n lock true && echo free || echo held"';
    expect(await sh(`touch lock; ${script}`)).toBe('held\n');
  },
  { skip: programsMissing('flock') ?? onlyOnce() },
);

vm.test(
  'a large file written in the guest has the same content on the host',
  async () => {
    const part = randomFillSync(Buffer.alloc(scaled(100_000_000)));
    writeFileSync(path('part'), part);
    await sh('for i in 1 2 3 4 5 6 7 8 9 10; do cat part; done > big', LARGE_MS);
    const wanted = createHash('sha256');
    for (let count = 0; count < 10; count += 1) wanted.update(part);
    const found = createHash('sha256');
    await pipeline(createReadStream(path('big')), found);
    expect(statSync(path('big')).size).toBe(10 * part.length);
    expect(found.digest('hex')).toBe(wanted.digest('hex'));
    rmSync(path('big'));
  },
  { timeoutMs: LARGE_MS },
);

vm.test('a thousand files in one directory are all listed', async () => {
  mkdirSync(path('many'));
  for (let index = 0; index < 1000; index += 1) writeFileSync(path(`many/${index}`), '');
  expect(await sh('ls many | wc -l')).toBe('1000\n');
});

vm.test(
  'places of the guest alone are not shared',
  async () => {
    await sh('touch "$XDG_RUNTIME_DIR/muvm-test-only-here"; test -e "$XDG_RUNTIME_DIR/muvm-test-only-here"');
    expect(existsSync(`/run/user/${process.getuid?.()}/muvm-test-only-here`)).toBe(false);
  },
  { skip: onlyOnce() },
);
