/** Windows of the guest on an X server of the host, through the GPU of a libkrun that has one. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  GPU_LIBRARY,
  gpuSkipReason,
  patient,
  programsMissing,
  scaled,
  startXServer,
  stillScreenshot,
  until,
  useWarmVm,
  withoutHidden,
  type XServer,
} from '../framework/index.ts';

const timeoutMs = 120_000;
const WINDOW_MS = 60_000;

const skip = gpuSkipReason() ?? programsMissing('Xvfb', 'xdpyinfo', 'xprop', 'xterm', 'xlogo', 'xclip', 'import');

let server: XServer;
beforeAll(async () => {
  server = await startXServer();
}, patient(timeoutMs));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('through the GPU', () => {
  const vm = useWarmVm(['--libkrun', GPU_LIBRARY ?? '', '--gpu-mode', 'software', '--x11', 'cross-domain'], {
    skip,
    options: () => ({ env: server.env }),
  });
  const test = (name: string, body: () => Promise<void>) => vm.test(name, body, { timeoutMs });

  /** The ids of the processes of the bridge in the guest. */
  async function bridges(): Promise<string[]> {
    // The pattern does not match itself, in the words of those who look.
    const look = 'grep -la "muvm-x11[.]cjs" /proc/[0-9]*/cmdline | cut -d / -f 3';
    const { stdout } = await vm.run(['--', 'sh', '-c', look]);
    return stdout.split('\n').filter((pid) => pid !== '');
  }

  test('programs see the same server, but for what cannot cross', async () => {
    const inGuest = await vm.run(['--', 'xdpyinfo']);
    expect({ status: inGuest.status, errors: inGuest.errors }).toEqual({ status: 0, errors: '' });
    expect(inGuest.stdout).not.toMatch(/^ {4}(MIT-SHM|DRI2)$/m);
    expect(withoutHidden(inGuest.stdout)).toBe(withoutHidden(String(server.run('xdpyinfo'))));
    expect((await bridges()).length).toBe(1);
  });

  test('a window looks the same in the guest and on the host, pixel for pixel', async () => {
    const script = 'printf "Five words and a \\033[31mred\\033[0m one"; sleep 1000';
    const [program, ...args] = ['xterm', '-geometry', '60x10+20+30', '-e', 'sh', '-c', script] as const;
    const blank = server.screenshot();
    const client = vm.start(['--', program, ...args], { timeoutMs });
    const inGuest = await stillScreenshot(server, blank);
    client.kill('SIGKILL');
    await client.result;
    expect(await until(() => server.screenshot().equals(blank), patient(WINDOW_MS))).toBe(true);
    const child = spawn(program, args, { env: { ...process.env, ...server.env }, stdio: 'ignore' });
    try {
      expect((await stillScreenshot(server, blank)).equals(inGuest)).toBe(true);
    } finally {
      child.kill();
    }
    expect(await until(() => server.screenshot().equals(blank), patient(WINDOW_MS))).toBe(true);
  });

  test('the clipboard comes from the host, with much in it', async () => {
    const bytes = Buffer.from(randomBytes((scaled(5) * 1024 * 1024) / 2).toString('hex'));
    const [source, copy] = [join(vm.sandbox.files, 'source'), join(vm.sandbox.files, 'copy')];
    writeFileSync(source, bytes);
    // It goes on in the background until it was asked once, with what it was given as its output.
    const words = ['-selection', 'clipboard', '-loops', '1', '-i', source];
    execFileSync('xclip', words, { env: { ...process.env, ...server.env }, stdio: 'ignore' });
    const paste = `xclip -selection clipboard -o > '${copy}'`;
    expect(await vm.run(['--', 'sh', '-c', paste], { timeoutMs })).toMatchObject({ status: 0, errors: '' });
    expect(readFileSync(copy).equals(bytes)).toBe(true);
  });

  test('clients that come and go, some of them killed, leave the bridge as it was', async () => {
    const before = await bridges();
    const count = 'echo "fds $(ls /proc/$0/fd | wc -l)"';
    const script = `
      ${count}
      for i in $(seq ${scaled(30)}); do
        xlogo & one=$!; xprop -root > /dev/null; kill -9 $one
      done 2> /dev/null; wait; sleep 2
      ${count}; xdpyinfo > /dev/null && echo alive`;
    const { stdout } = await vm.run(['--', 'sh', '-c', script, before[0] as string], { timeoutMs });
    const [first, second, last] = stdout.split('\n');
    expect([second, last]).toEqual([first, 'alive']);
    expect(await bridges()).toEqual(before);
  });

  test('a bridge that is killed takes its clients with it, and the next client has another', async () => {
    const [before] = await bridges();
    const blank = server.screenshot();
    const client = vm.start(['--', 'sh', '-c', 'xlogo; echo ended'], { timeoutMs });
    await stillScreenshot(server, blank);
    await vm.run(['--', 'kill', '-9', before as string]);
    expect((await client.result).stdout).toBe('ended\n');
    expect(await vm.run(['--', 'xprop', '-root'], { timeoutMs })).toMatchObject({ status: 0, errors: '' });
    const after = await bridges();
    expect(after.length).toBe(1);
    expect(after).not.toEqual([before]);
  });
});
