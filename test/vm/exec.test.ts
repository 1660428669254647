/** A command in the guest: its words, environment, directory, identity, output and end, as if it ran here. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { until, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const ONE_LINE = /^muvm: [^\n]+\n$/;

describe('a command', () => {
  vm.test('runs under another kernel than the host', async () => {
    const { stdout, status } = await vm.run(['--', 'sh', '-c', `uname -r; cat ${BOOT_ID}`]);
    const [release, bootId] = stdout.split('\n');
    expect({ status, release }).toEqual({ status: 0, release: expect.stringMatching(/^\d+\.\d+/) });
    // Of the same release, where the host is a guest of ours itself.
    expect(bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(bootId).not.toBe(readFileSync(BOOT_ID, 'utf8').trim());
  });

  vm.test('has stdout and stderr apart, and its own status', async () => {
    const result = await vm.run(['--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toMatchObject({ stdout: 'out\n', stderr: 'err\n', status: 7 });
  });

  vm.test('gets its words as they are', async () => {
    const words = ['', ' ', "it's", '"', '$HOME', '*', 'a\nb', '\\', '--', '-i', 'ü€😀', '{{x}}'];
    const { stdout } = await vm.run(['--', 'printf', '%s\\0', ...words]);
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });

  vm.test('needs no "--" in front where it does not look like an option', async () => {
    expect(await vm.run(['echo', '-n', '--mem'])).toMatchObject({ stdout: '--mem', status: 0 });
  });

  vm.test('passes bytes of every value through', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    writeFileSync(join(vm.sandbox.files, 'bytes'), bytes);
    expect((await vm.run(['--', 'cat', 'bytes'])).stdoutBytes).toEqual(bytes);
  });
});

describe('the end of a command', () => {
  vm.test('by a signal gives 128+n and one line', async () => {
    const { status, stderr } = await vm.run(['--', 'sh', '-c', 'kill -9 $$']);
    expect(status).toBe(137);
    expect(stderr).toMatch(ONE_LINE);
  });

  vm.test('that does not exist gives 127 and one line that names it', async () => {
    const { status, stderr } = await vm.run(['--', '/nonexistent']);
    expect(status).toBe(127);
    expect(stderr).toMatch(ONE_LINE);
    expect(stderr).toContain('"/nonexistent"');
  });

  vm.test('that PATH does not have gives 127', async () => {
    expect((await vm.run(['--', 'no-such-program-anywhere'])).status).toBe(127);
  });

  vm.test('that is not executable gives 126 and one line that names it', async () => {
    const { status, stderr } = await vm.run(['--', '/etc/passwd']);
    expect(status).toBe(126);
    expect(stderr).toMatch(ONE_LINE);
    expect(stderr).toContain('"/etc/passwd"');
  });

  vm.test('with status 255 is told as 255', async () => {
    expect((await vm.run(['--', 'sh', '-c', 'exit 255'])).status).toBe(255);
  });
});

describe('the surroundings of a command', () => {
  vm.test('are the directory of the caller', async () => {
    const directory = join(vm.sandbox.files, 'some where');
    mkdirSync(directory);
    expect((await vm.run(['--', 'pwd'], { cwd: directory })).stdout).toBe(`${directory}\n`);
  });

  vm.test('are the directory of -w', async () => {
    expect((await vm.run(['-w', '/usr/bin', '--', 'pwd'])).stdout).toBe('/usr/bin\n');
  });

  vm.test('are variables of -e, set or passed on', async () => {
    const { stdout } = await vm.run(
      ['-e', 'A=1 2', '-e', 'B', '-e', 'C', '--', 'sh', '-c', 'echo "$A,$B,$(printenv C || echo unset)"'],
      {
        env: { B: 'b' },
      },
    );
    expect(stdout).toBe('1 2,b,unset\n');
  });

  vm.test('hold HOME, XDG_RUNTIME_DIR and XSHMFENCE_NO_MEMFD', async () => {
    const { stdout } = await vm.run(['--', 'sh', '-c', 'echo "$HOME|$XDG_RUNTIME_DIR|$XSHMFENCE_NO_MEMFD"']);
    expect(stdout).toMatch(new RegExp(`^/[^|]*\\|/run/user/${process.getuid?.()}\\|1\\n$`));
  });

  vm.test('are an empty stdin without -i', async () => {
    expect(await vm.run(['--', 'wc', '-c'], { input: 'not for you' })).toMatchObject({ stdout: '0\n', status: 0 });
  });

  vm.test('are the standard input with -i', async () => {
    expect(await vm.run(['-i', '--', 'wc', '-c'], { input: 'twelve bytes' })).toMatchObject({ stdout: '12\n' });
  });
});

describe('the identity of a command', () => {
  const idOf = async (...options: string[]) => (await vm.run([...options, '--', 'id', '-u'])).stdout.trim();

  vm.test('is the user', async () => {
    expect(await idOf()).toBe(String(process.getuid?.()));
    expect(await idOf('-p', '3334')).toBe(String(process.getuid?.()));
  });

  vm.test('is root with --privileged or -p 3335', async () => {
    expect(await idOf('--privileged')).toBe('0');
    expect(await idOf('-ip', '3335')).toBe('0');
  });
});

describe('a detached command', () => {
  vm.test('lives on when its client has returned', async () => {
    const file = join(vm.sandbox.files, 'detached');
    const result = await vm.run(['-d', '--', 'sh', '-c', `sleep 1; echo done > '${file}'`]);
    expect(result).toMatchObject({ status: 0, stdout: '' });
    const isDone = () => {
      try {
        return readFileSync(file, 'utf8') === 'done\n';
      } catch {
        return false;
      }
    };
    expect(isDone()).toBe(false);
    expect(await until(isDone, 10_000)).toBe(true);
  });

  vm.test('that cannot start is told', async () => {
    expect((await vm.run(['-d', '--', '/nonexistent'])).status).toBe(127);
  });
});

describe('signals to the client', () => {
  vm.test('reach the command', async () => {
    const script = 'trap "echo caught; exit 5" TERM; echo ready; while :; do sleep 0.1; done';
    const client = vm.start(['--', 'sh', '-c', script]);
    await client.untilOutput('ready');
    client.kill('SIGTERM');
    expect(await client.result).toMatchObject({ stdout: 'ready\ncaught\n', status: 5 });
  });
});
