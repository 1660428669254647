/** The guest feels like the host: its own mounts hide nothing for good, and no directory, home or variable is too strange. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { onlyOnce, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();

const sh = async (script: string) => (await vm.run(['--', 'sh', '-c', script])).stdout;

describe('the guest', () => {
  vm.test("shows the host's tree without what it mounts over it, under /run/muvm-host", async () => {
    const probe = 'ls /run/muvm-host/proc | head -1; test -e /run/muvm-host/etc/passwd && echo etc';
    expect(await sh(probe)).toMatch(/etc\n$/);
    // What the guest mounts on /var/run and the like stays outside.
    const below = await sh('awk \'$2 ~ "^/run/muvm-host/" { print $2 }\' /proc/mounts');
    expect(below.split('\n').filter((path) => path === '/run/muvm-host/run' || path === '/run/muvm-host/dev')).toEqual(
      [],
    );
  });

  vm.test('has binfmt_misc and cgroup2', async () => {
    const types = await sh("awk '{ print $3 }' /proc/mounts");
    expect(types).toMatch(/^binfmt_misc$/m);
    expect(types).toMatch(/^cgroup2$/m);
  });
});

describe('the surroundings of a command, however strange', () => {
  vm.test(
    'a directory with blanks and letters of every kind, and one behind a link',
    async () => {
      const directory = join(vm.sandbox.files, ' ü 日本 "quoted" $HOME ');
      const link = join(vm.sandbox.files, 'link');
      mkdirSync(directory);
      symlinkSync(directory, link);
      expect((await vm.run(['--', 'pwd'], { cwd: directory })).stdout).toBe(`${directory}\n`);
      expect((await vm.run(['-w', link, '--', 'pwd', '-P'])).stdout).toBe(`${directory}\n`);
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'a home behind a link',
    async () => {
      const home = join(vm.sandbox.files, 'home');
      mkdirSync(home);
      const link = join(vm.sandbox.files, 'home-link');
      symlinkSync(home, link);
      const { stdout } = await vm.run(['-e', `HOME=${link}`, '--', 'sh', '-c', 'cd && pwd -P && touch ~/made']);
      expect(stdout).toBe(`${home}\n`);
      expect(existsSync(join(home, 'made'))).toBe(true);
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'a value of several lines',
    async () => {
      const value = 'one\n\ttwo\n';
      expect((await vm.run(['-e', `LINES_OF_IT=${value}`, '--', 'printenv', 'LINES_OF_IT'])).stdout).toBe(`${value}\n`);
    },
    { skip: onlyOnce() },
  );

  vm.test(
    '1.5 MB of variables arrive, and 3 MB are refused in one line that says why',
    async () => {
      const variables = (count: number) =>
        Array.from({ length: count }, (_, index) => `V${index}=${'x'.repeat(100_000)}`);
      vm.sandbox.writeConfig({ env: variables(15) });
      const { stdout } = await vm.run(['--', 'sh', '-c', 'printenv V14 | wc -c; env | grep -c ^V']);
      expect(stdout).toBe('100001\n15\n');
      vm.sandbox.writeConfig({ env: variables(30) });
      const { status, stderr } = await vm.run(['--', 'true']);
      vm.sandbox.writeConfig({ env: variables(50) });
      const tooMuch = await vm.run(['--', 'true']);
      vm.sandbox.writeConfig({});
      expect(tooMuch.status).toBe(125);
      expect(tooMuch.stderr).toMatch(/^muvm: Cannot give a command \d+ bytes of words and variables [^\n]*\n$/);
      expect(status).toBe(126);
      expect(stderr).toMatch(/^muvm: Cannot run "true": [^\n]*(argument list too long)[^\n]*\n$/i);
    },
    { skip: onlyOnce() },
  );
});
