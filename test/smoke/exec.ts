/** Commands: their kernel, streams, arguments and exit statuses. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { WarmVm } from '../framework/index.ts';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

const STATUSES: readonly (readonly [status: number, why: string, words: readonly string[]])[] = [
  [0, 'the command succeeds', ['--', 'true']],
  [7, 'the command exits with 7', ['--', 'sh', '-c', 'exit 7']],
  [126, 'the file is not executable', ['--', '/etc/passwd']],
  [127, 'the file does not exist', ['--', '/nonexistent']],
  [127, 'PATH does not have the program', ['--', 'no-such-program-anywhere']],
  [137, 'SIGKILL ends the command', ['--', 'sh', '-c', 'kill -9 $$']],
  [125, 'muvm itself fails', ['-w', '/nonexistent', '--', 'true']],
];

export function describeExec(vm: WarmVm): void {
  vm.test('runs under the kernel of the guest', async () => {
    const { stdout, status } = await vm.run(['--', 'cat', BOOT_ID]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(stdout).not.toBe(readFileSync(BOOT_ID, 'utf8'));
  });

  vm.test('has the host user', async () => {
    expect((await vm.run(['--', 'id', '-u'])).stdout).toBe(`${process.getuid?.()}\n`);
  });

  vm.test('keeps stdout and stderr apart', async () => {
    const result = await vm.run(['--', 'sh', '-c', 'echo out; echo err >&2']);
    expect(result).toMatchObject({ stdout: 'out\n', stderr: 'err\n', status: 0 });
  });

  vm.test('gets its arguments unchanged', async () => {
    const words = ['', ' ', "it's", '"', '$HOME', '*', 'a\nb', '\\', '--', 'ü€😀'];
    const { stdout } = await vm.run(['--', 'printf', '%s\\0', ...words]);
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });

  vm.test('reads standard input with -i, and returns each byte', async () => {
    const input = Buffer.from(Array.from({ length: 1 << 16 }, (_, index) => (index * 7) & 0xff));
    const { stdoutBytes, status } = await vm.run(['-i', '--', 'cat'], { input });
    expect(status).toBe(0);
    expect(stdoutBytes.equals(input)).toBe(true);
  });

  for (const [status, why, words] of STATUSES) {
    vm.test(`returns status ${status} if ${why}`, async () => {
      const result = await vm.run(words);
      expect(result.status).toBe(status);
      expect(result.stdout).toBe('');
    });
  }
}
