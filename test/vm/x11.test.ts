/** Windows of the guest on an X server of the host. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  onlyOnce,
  programsMissing,
  scaled,
  startXServer,
  until,
  useWarmVm,
  withoutHidden,
  type XServer,
} from '../framework/index.ts';

const COLD_MS = 120_000;
const WINDOW_MS = 60_000;

const skip = programsMissing('Xvfb', 'xdpyinfo', 'xlsfonts', 'xprop', 'xev', 'xterm', 'xlogo', 'xclip', 'xdotool');

let server: XServer;
beforeAll(async () => {
  server = await startXServer();
});
afterAll(async () => server[Symbol.asyncDispose]());

describe('with an X server', () => {
  const vm = useWarmVm([], { skip, options: () => ({ env: server.env }) });
  const test = (name: string, body: () => Promise<void>, needed = skip) =>
    vm.test(name, body, { timeoutMs: COLD_MS, skip: needed });

  test('programs see the same server, but for what cannot cross', async () => {
    const inGuest = await vm.run(['--', 'xdpyinfo']);
    expect({ status: inGuest.status, errors: inGuest.errors }).toEqual({ status: 0, errors: '' });
    expect(inGuest.stdout).toMatch(/^name of display: +:1$/m);
    expect(inGuest.stdout).not.toContain('MIT-SHM');
    expect(withoutHidden(inGuest.stdout)).toBe(withoutHidden(String(server.run('xdpyinfo'))));
    for (const [program, ...args] of [['xlsfonts'], ['xprop', '-root']] as const) {
      expect((await vm.run(['--', program, ...args])).stdout).toBe(String(server.run(program, ...args)));
    }
  });

  test(
    'keys that are typed on the host arrive in a terminal of the guest',
    async () => {
      const file = join(vm.sandbox.files, 'typed');
      const script = `stty -echo; printf ready > '${file}.ready'; head -n 1 > '${file}.new'; mv '${file}.new' '${file}'`;
      const client = vm.start(['--', 'xterm', '-e', 'sh', '-c', script], { timeoutMs: COLD_MS });
      expect(await until(() => existsSync(`${file}.ready`), WINDOW_MS)).toBe(true);
      const [window = ''] = String(server.run('xdotool', 'search', '--class', 'xterm'))
        .trim()
        .split('\n');
      server.run('xdotool', 'windowfocus', window, 'type', '--delay', '20', 'Hello, Guest 42!\n');
      expect(await until(() => existsSync(file), WINDOW_MS)).toBe(true);
      expect(readFileSync(file, 'utf8')).toBe('Hello, Guest 42!\n');
      expect((await client.result).status).toBe(0);
    },
    skip ?? onlyOnce(),
  );

  test('the clipboard goes both ways, with much in it', async () => {
    const bytes = Buffer.from(randomBytes((scaled(5) * 1024 * 1024) / 2).toString('hex'));
    const [source, copy] = [join(vm.sandbox.files, 'source'), join(vm.sandbox.files, 'copy')];
    writeFileSync(source, bytes);
    const clipboard = ['-selection', 'clipboard'];
    // It goes on in the background, with what it was given as its output.
    execFileSync('xclip', [...clipboard, '-i', source], { env: { ...process.env, ...server.env }, stdio: 'ignore' });
    const pasted = await vm.run(['--', 'sh', '-c', `xclip -selection clipboard -o > '${copy}'`], {
      timeoutMs: COLD_MS,
    });
    expect(pasted).toMatchObject({ status: 0, errors: '' });
    expect(readFileSync(copy).equals(bytes)).toBe(true);
    const words = ['xclip', '-quiet', ...clipboard, '-loops', '1', '-i', source];
    writeFileSync(source, bytes.toReversed());
    const owner = vm.start(['--', ...words], { timeoutMs: COLD_MS });
    const isPasted = () => server.run('xclip', ...clipboard, '-o').equals(Buffer.from(bytes.toReversed()));
    expect(await until(isPasted, WINDOW_MS)).toBe(true);
    owner.kill('SIGKILL');
    await owner.result;
  });

  test(
    'programs that end in any way, or send nonsense, end alone',
    async () => {
      const watch = vm.start(['--', 'sh', '-c', 'xev -root -event property & echo up; wait'], { timeoutMs: COLD_MS });
      await watch.untilOutput('up');
      const nonsense = `head -c 3000 /dev/urandom | ${process.execPath} -e 'process.stdin.pipe(require("net").connect("/tmp/.X11-unix/X1")).on("error",()=>{})'`;
      const script = `
      for i in $(seq 15); do
        xlogo & one=$!; xprop -root > /dev/null; (${nonsense}) & kill -9 $one
      done 2> /dev/null; wait; xdpyinfo > /dev/null && echo alive`;
      const { stdout } = await vm.run(['--', 'sh', '-c', script], { timeoutMs: COLD_MS });
      expect(stdout).toBe('alive\n');
      server.run('xprop', '-root', '-format', 'MUVM_TEST', '8s', '-set', 'MUVM_TEST', 'still watching');
      await watch.untilOutput('MUVM_TEST');
      watch.kill('SIGKILL');
      await watch.result;
    },
    skip ?? onlyOnce(),
  );
});
