/** Who a command is, and where: ids, groups, home, limits, and directories of every kind. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect } from '@jest/globals';
import {
  coldTest,
  muvmCommand,
  needsRoot,
  onlyDriver,
  onlyOnce,
  programsMissing,
  type Sandbox,
  useWarmVm,
} from '../framework/index.ts';

const COLD_MS = 120_000;
const vm = useWarmVm();
const uid = process.getuid?.() ?? -1;
const gid = process.getgid?.() ?? -1;

const sh = async (script: string, ...options: string[]) =>
  (await vm.run([...options, '--', 'sh', '-c', script])).stdout;

/** Runs words around muvm: with `setpriv`, in a shell that leaves its directory. */
async function runAround(sandbox: Sandbox, before: readonly string[], args: readonly string[]) {
  const [program, ...words] = [...before, ...muvmCommand(args)] as [string, ...string[]];
  const child = spawn(program, words, { cwd: sandbox.files, env: sandbox.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, status: await ended };
}

describe('the user', () => {
  vm.test('is the one of the host, by number and by name', async () => {
    expect(await sh('id -u; id -g; id -un; echo $USER')).toBe(
      `${uid}\n${gid}\n${execFileSync('id', ['-un'])}${execFileSync('id', ['-un'])}`,
    );
  });

  vm.test('has a runtime directory alone, and files made there and here are owned alike', async () => {
    expect(await sh('stat -c "%a %u %g" $XDG_RUNTIME_DIR; touch made; stat -c "%u %g" made')).toBe(
      `700 ${uid} ${gid}\n${uid} ${gid}\n`,
    );
    expect(statSync(join(vm.sandbox.files, 'made')).uid).toBe(uid);
  });

  vm.test('may open as many files as wine wants, at once', async () => {
    expect(await sh('ulimit -Sn; ulimit -Hn')).toBe('524288\n524288\n');
    expect(await sh('ulimit -Sn', '-p', '3335')).toBe('524288\n');
  });

  coldTest(
    'has the supplementary groups of the host',
    async (sandbox) => {
      const before = ['setpriv', '--groups', '4,44,1234'];
      const { stdout, status } = await runAround(sandbox, before, ['--', 'id', '-G']);
      expect({ status, stdout }).toEqual({ status: 0, stdout: `${gid} 4 44 1234\n` });
    },
    { skip: needsRoot() ?? programsMissing('setpriv'), timeoutMs: COLD_MS },
  );

  coldTest(
    'needs no entry in passwd',
    async (sandbox) => {
      const cover = (path: string, content: string) => {
        const file = join(sandbox.files, path.replaceAll('/', '-'));
        writeFileSync(file, content);
        return `mount --bind ${file} ${path}`;
      };
      // systemd's part of the name service knows root whatever is in passwd(5).
      const mounts = [cover('/etc/passwd', ''), cover('/etc/nsswitch.conf', 'passwd: files\n')];
      const env = `env -u LOGNAME HOME=${sandbox.files} USER=eve SHELL=/bin/dash`;
      const before = ['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && exec ${env} "$@"`, 'sh'];
      const script = 'id -u; echo "$HOME|$USER|$LOGNAME|$SHELL"; cd && pwd';
      const { stdout, status } = await runAround(sandbox, before, ['--', 'sh', '-c', script]);
      const wanted = `${uid}\n${sandbox.files}|eve|eve|/bin/dash\n${sandbox.files}\n`;
      expect({ status, stdout }).toEqual({ status: 0, stdout: wanted });
    },
    { skip: needsRoot() ?? programsMissing('unshare'), timeoutMs: COLD_MS },
  );
});

/** A new directory in a place of the guest's own. Disposal removes it. */
function directoryIn(place: string) {
  const path = mkdtempSync(join(place, 'muvm-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

async function expectRefused(cwd: string) {
  const { status, stdout, stderr } = await vm.run(['--', 'pwd'], { cwd });
  expect({ status, stdout }).toEqual({ status: 125, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^muvm: Cannot use "${cwd}" as the working directory: no such file or directory\\. [^\n]*-w[^\n]*\n$`),
  );
}

describe('the directory', () => {
  vm.test(
    'may be a file system of its own on the host',
    async () => {
      const place = join(vm.sandbox.files, 'of its own');
      mkdirSync(place);
      execFileSync('mount', ['-t', 'tmpfs', 'none', place]);
      try {
        writeFileSync(join(place, 'file'), 'x\n');
        const { stdout } = await vm.run(['--', 'sh', '-c', 'pwd; cat file; touch back'], { cwd: place });
        expect(stdout).toBe(`${place}\nx\n`);
        expect(statSync(join(place, 'back')).size).toBe(0);
      } finally {
        execFileSync('umount', ['-l', place]);
      }
    },
    { skip: needsRoot() },
  );

  vm.test(
    'is refused with what to do where the guest has that place for itself',
    async () => {
      using directory = directoryIn(uid === 0 ? '/run' : `/run/user/${uid}`);
      await expectRefused(directory.path);
      expect((await vm.run(['-w', '/tmp', '--', 'pwd'], { cwd: directory.path })).stdout).toBe('/tmp\n');
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'is refused in a /dev/shm that is not shared',
    async () => {
      using directory = directoryIn('/dev/shm');
      await expectRefused(directory.path);
    },
    { skip: onlyDriver('qemu') },
  );

  vm.test(
    'that was removed is told, and needed by those alone who do not name another',
    async () => {
      const leave = ['sh', '-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', 'sh'];
      const { status, stdout, stderr } = await runAround(vm.sandbox, leave, ['--', 'pwd']);
      expect({ status, stdout }).toEqual({ status: 125, stdout: '' });
      expect(stderr).toMatch(
        /muvm: Cannot find the current directory: no such file or directory\. Go to another[^\n]*-w\.\n$/,
      );
      expect(await runAround(vm.sandbox, leave, ['-w', '/', '--', 'pwd'])).toMatchObject({ stdout: '/\n', status: 0 });
      expect((await runAround(vm.sandbox, leave, ['--status'])).stdout).toContain('default');
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'behind a link is the one that the link leads to',
    async () => {
      const link = join(vm.sandbox.files, 'a link');
      symlinkSync('/usr/bin', link);
      expect(await sh('pwd -P', '-w', link)).toBe(`${realpathSync('/usr/bin')}\n`);
    },
    { skip: onlyOnce() },
  );
});
