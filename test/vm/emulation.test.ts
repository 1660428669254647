/**
 * Programs of another processor: QEMU runs them in the guest, from images that are disks. What FEX is given is looked at with
 * a program in its place, as FEX itself runs on aarch64 alone.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { LIBKRUN_FEATURES } from '../../host/src/driver/libkrun/features.ts';
import { QEMU_FEATURES } from '../../host/src/driver/qemu/features.ts';
import {
  coldTest,
  hasProgram,
  onlyOnce,
  pathWithout,
  programsMissing,
  REPOSITORY,
  runMuvm,
  type Sandbox,
  type SkipReason,
  TEST_DRIVER,
  useWarmVm,
} from '../framework/index.ts';
import { program32 } from './program-32.ts';

const COLD_MS = 240_000;
const ROOT = '/run/muvm/rootfs';
const PROGRAMS = join(REPOSITORY, 'dist/foreign');
const FOREIGN = process.arch === 'x64' ? 'aarch64' : 'x86_64';
const DECLARED = TEST_DRIVER === 'libkrun' ? LIBKRUN_FEATURES : QEMU_FEATURES;

// linux/magic.h, and fields of the superblock of fs/erofs/erofs_fs.h.
const BLOCK_BITS_AT = 1024 + 12;
const INCOMPATIBLE_AT = 1024 + 80;

/** An emulator may be installed under either of two names. */
const emulatorMissing = (architecture: string): SkipReason =>
  hasProgram(`qemu-${architecture}-static`) ? undefined : programsMissing(`qemu-${architecture}`);

function emulationSkipReason(): SkipReason {
  if (!existsSync(join(PROGRAMS, '.done')))
    return `the ${FOREIGN} programs are not installed: run "scripts/foreign-programs.sh"`;
  return emulatorMissing(FOREIGN) ?? programsMissing('mkfs.erofs');
}

const skip = emulationSkipReason();
const directory = mkdtempSync(join(tmpdir(), 'muvm-images-'));
const [base, overlay] = ['base', 'over, it'].map((name) => join(directory, `${name}.erofs`)) as [string, string];

function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function makeImage(root: string, image: string): void {
  const { status, stderr } = spawnSync('mkfs.erofs', ['--all-root', image, root]);
  expect({ status, stderr: status === 0 ? '' : `${stderr}` }).toEqual({ status: 0, stderr: '' });
}

if (skip === undefined) {
  beforeAll(() => {
    const root = join(directory, 'base');
    cpSync(PROGRAMS, root, { recursive: true, verbatimSymlinks: true });
    put(root, { 'etc/which': 'base\n', 'etc/base': 'base\n', 'etc/muvm-test/a': 'a\n' });
    makeImage(root, base);
    const above = join(directory, 'above');
    put(above, { 'etc/which': 'above\n', 'etc/above': 'above\n' });
    makeImage(above, overlay);
  });
}

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const IMAGES = ['--emu', 'qemu', '-f', base, '-f', overlay];

const vm = useWarmVm(IMAGES, { skip });

const sh = async (script: string) => (await vm.run(['--', 'sh', '-c', script])).stdout;

describe('--emu qemu with images', () => {
  vm.test(`runs a program of ${FOREIGN}, with its streams and its end`, async () => {
    expect(await vm.run(['--', `${ROOT}/bin/busybox`, 'uname', '-m'])).toMatchObject({
      stdout: `${FOREIGN}\n`,
      errors: '',
    });
    const script = 'read line; echo "$line" >&2; exit 7';
    const words = ['-i', '--', `${ROOT}/bin/busybox`, 'sh', '-c', script];
    expect(await vm.run(words, { input: 'a line\n' })).toMatchObject({ status: 7, errors: 'a line\n' });
  });

  vm.test(
    'finds the libraries of one that is linked dynamically in the images',
    async () => {
      expect((await vm.run(['--', `${ROOT}/usr/bin/hello`])).stdout).toBe('Hello, world!\n');
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'keeps what a program is called by',
    async () => {
      expect(await sh(`bash -c 'exec -a uname ${ROOT}/bin/busybox -m'`)).toBe(`${FOREIGN}\n`);
    },
    { skip: programsMissing('bash') ?? onlyOnce() },
  );

  vm.test('lays each image over those before it, read-only', async () => {
    expect(await sh(`cd ${ROOT}/etc; cat which base above muvm-test/a`)).toBe('above\nbase\nabove\na\n');
    expect(await sh(`cat /run/muvm/images/0/etc/which /run/muvm/images/1/etc/which`)).toBe('base\nabove\n');
    const before = [base, overlay].map((path) => readFileSync(path));
    const { status, stderr } = await vm.run(['--privileged', '--', 'touch', `${ROOT}/etc/new`]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Read-only file system') });
    expect((await vm.run(['--privileged', '--', 'sh', '-c', 'echo > /dev/vda'])).status).not.toBe(0);
    expect([base, overlay].map((path) => readFileSync(path).equals(before.shift() as Buffer))).toEqual([true, true]);
  });

  vm.test('makes disks of them, as the driver declares', async () => {
    expect((await sh('ls /dev/vd*')).trim() !== '').toBe(DECLARED.disks);
  });

  vm.test(
    "runs a program of 32 bits, which the guest's kernel does not run by itself",
    async () => {
      const program = join(vm.sandbox.files, 'program-32');
      writeFileSync(program, program32(), { mode: 0o755 });
      expect(await vm.run(['--', program])).toMatchObject({ stdout: '32 bits\n', status: 7 });
    },
    { skip: emulatorMissing('i386') ?? onlyOnce() },
  );

  vm.test(
    'makes no rule for the programs of the guest itself',
    async () => {
      const rules = (await sh('ls /proc/sys/fs/binfmt_misc')).trim().split('\n');
      expect(rules).toContain(`qemu-${FOREIGN}`);
      expect(rules).not.toContain(`qemu-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}`);
    },
    { skip: onlyOnce() },
  );
});

coldTest(
  '--merged-rootfs lays the images over the files of the guest, and leaves its own root alone',
  async (sandbox) => {
    const script = `
      cd ${ROOT}; cat etc/which; cmp etc/passwd /etc/passwd && echo same
      test -e /etc/which || echo clean
      bin/busybox uname -m; usr/bin/hello
      touch usr/new etc/new 2>/dev/null || echo read-only
      echo written > ${join(ROOT, sandbox.files, 'file')}
      ls proc/self/status; cmp etc/resolv.conf /etc/resolv.conf && echo same; ls run/muvm/rootfs | wc -l`;
    const words = [...IMAGES, '--merged-rootfs', '--', 'sh', '-c', script];
    const { stdout, errors, status } = await runMuvm(sandbox, words, { timeoutMs: COLD_MS });
    expect({ status, errors, lines: stdout.trim().split('\n') }).toEqual({
      status: 0,
      errors: '',
      lines: ['above', 'same', 'clean', FOREIGN, 'Hello, world!', 'read-only', 'proc/self/status', 'same', '0'],
    });
    expect(readFileSync(join(sandbox.files, 'file'), 'utf8')).toBe('written\n');
    expect(existsSync('/etc/which')).toBe(false);
  },
  { timeoutMs: COLD_MS, skip: skip ?? onlyOnce() },
);

/** A program in the place of FEX that prints what it was called with, and the configuration of its installation. */
function installFakeFex(sandbox: Sandbox): { readonly program: string; readonly config: string } {
  const program = join(sandbox.files, 'fex/bin/FEX');
  const config = join(sandbox.files, 'fex/share/fex-emu/Config.json');
  put('/', { [config]: '{"Config": {"RootFS": "host", "TSOEnabled": "0"}}' });
  mkdirSync(dirname(program));
  // No script, as the kernel hands an open program over to one that it can run at once.
  cpSync('/bin/echo', program, { dereference: true });
  return { program, config };
}

coldTest(
  '--emu fex registers FEX and overlays its configuration, with the host left as it is',
  async (sandbox) => {
    const { program, config } = installFakeFex(sandbox);
    const before = readFileSync(config, 'utf8');
    const game = join(sandbox.files, 'game');
    writeFileSync(game, program32(), { mode: 0o755 });
    const script = `cat /proc/sys/fs/binfmt_misc/FEX-x86; cat ${config} | tr -d '\\n '; echo; echo $FEX_ROOTFS; ${game} a b`;
    const env = { PATH: `${dirname(program)}:${process.env['PATH']}` };
    const words = ['--emu', 'fex', '-f', overlay, '--', 'sh', '-c', script];
    const { stdout, errors, status } = await runMuvm(sandbox, words, { env, timeoutMs: COLD_MS });
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(stdout).toContain(`enabled\ninterpreter ${program}\nflags: POCF\n`);
    const told = stdout.trim().split('\n').slice(-3);
    expect(told).toEqual([`{"Config":{"RootFS":"${ROOT}","TSOEnabled":"0"}}`, ROOT, `${game} ${game} a b`]);
    expect(readFileSync(config, 'utf8')).toBe(before);
  },
  { timeoutMs: COLD_MS, skip: skip ?? onlyOnce() },
);

/** A copy of an image with one byte changed. */
function spoilt(name: string, offset: number, value: number): string {
  const bytes = readFileSync(overlay);
  bytes.writeUInt8(value, offset);
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

coldTest(
  'what cannot be used is refused before the machine starts, with what to do',
  async (sandbox) => {
    const text = join(sandbox.files, 'text');
    writeFileSync(text, 'no image');
    const large = spoilt('large.erofs', BLOCK_BITS_AT, 14);
    const cases = [
      [['-f', '/nonexistent.erofs'], 'Cannot read the image "/nonexistent.erofs": no such file or directory. Name an'],
      [['-f', text], `Cannot use the image "${text}" as it must be an EROFS file system. Make one from a directory`],
      [
        ['-f', large],
        "as its blocks must have at most 4096 bytes, as the guest's pages have, and have 16384. Make one",
      ],
      [['-m', '--emu', 'none'], 'Cannot use --merged-rootfs without an image. Name one with --fex-image.'],
    ] as const;
    for (const [words, sentence] of cases) {
      const { status, errors } = await runMuvm(sandbox, [...words, '--', 'true'], { timeoutMs: COLD_MS });
      expect({ status, errors }).toEqual({ status: 125, errors: expect.stringContaining(sentence) });
    }
  },
  { timeoutMs: COLD_MS, skip: skip ?? onlyOnce() },
);

coldTest(
  '--emu fex without FEX is refused, with what to install',
  async (sandbox) => {
    const env = { PATH: pathWithout(sandbox, 'FEX', 'FEXInterpreter') };
    const { status, errors } = await runMuvm(sandbox, ['--emu', 'fex', '--', 'true'], { env, timeoutMs: COLD_MS });
    const sentence = 'Cannot use --emu fex as there is neither "FEX" nor "FEXInterpreter" in PATH. Install FEX';
    expect({ status, errors }).toEqual({ status: 125, errors: expect.stringContaining(sentence) });
  },
  { timeoutMs: COLD_MS, skip: onlyOnce() },
);

coldTest(
  "an image that the guest's kernel cannot mount stops the start, with the kernel's own words",
  async (sandbox) => {
    const unknown = spoilt('unknown.erofs', INCOMPATIBLE_AT + 3, 0x80);
    expect(statSync(unknown).size).toBe(statSync(overlay).size);
    const { status, errors } = await runMuvm(sandbox, ['-f', unknown, '--', 'true'], { timeoutMs: COLD_MS });
    expect({ status, errors }).toEqual({
      status: 125,
      errors: expect.stringMatching(
        /"foreign root" failed: Cannot mount the image "[^\n]*unknown.erofs": [^\n]+ "erofs: \(device vda\)/,
      ),
    });
  },
  { timeoutMs: COLD_MS, skip: skip ?? onlyOnce() },
);
