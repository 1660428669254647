/** What becomes of windows where the X server of the host goes away, comes back, lets nobody in, or is none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  coldTest,
  onlyDriver,
  onlyOnce,
  programsMissing,
  runMuvm,
  startXServer,
  until,
  useWarmVm,
  type XServer,
} from '../framework/index.ts';

const COLD_MS = 180_000;
const WINDOW_MS = 60_000;

const skip = onlyOnce() ?? programsMissing('Xvfb', 'xdpyinfo', 'xev', 'xlogo', 'xprop', 'xwininfo');

let server: XServer;
if (skip === undefined) {
  beforeAll(async () => {
    server = await startXServer();
  });
  afterAll(async () => server[Symbol.asyncDispose]());
}

describe('with an X server', () => {
  const vm = useWarmVm([], { skip, options: () => ({ env: server.env }) });
  const test = (name: string, body: () => Promise<void>) => vm.test(name, body, { timeoutMs: COLD_MS, skip });

  test('that is killed, programs lose their display, and the machine lives on; the next server there is theirs again', async () => {
    const script = 'xev -root -event property & xlogo & wait';
    const programs = vm.start(['--', 'sh', '-c', script], { timeoutMs: COLD_MS });
    let said = '';
    programs.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const areUp = () => {
      server.run('xprop', '-root', '-format', 'MUVM_TEST', '8s', '-set', 'MUVM_TEST', `at ${performance.now()}`);
      return said.includes('MUVM_TEST') && server.run('xwininfo', '-root', '-tree').includes('"xlogo"');
    };
    expect(await until(areUp, WINDOW_MS)).toBe(true);
    await server.kill('SIGKILL');
    const { stderr: lastWords, timedOut } = await programs.result;
    expect({ timedOut, lastWords }).toEqual({
      timedOut: false,
      lastWords: expect.stringMatching(/X server|XIO|X connection/),
    });
    const told = await vm.run(['--', 'xdpyinfo'], { timeoutMs: COLD_MS });
    expect(told.status).toBe(1);
    const { DISPLAY } = server.env;
    expect(told.stderr).toMatch(
      new RegExp(`^muvm: Cannot reach the X server of DISPLAY "${DISPLAY}": connection refused$`, 'm'),
    );
    await server.restart();
    const { status, stdout, stderr } = await vm.run(['--', 'xdpyinfo'], { timeoutMs: COLD_MS });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^name of display: +:1$/m);
  });

  test('a program with a cookie that is wrong is told so by the server itself', async () => {
    const script = 'head -c -16 "$XAUTHORITY" > wrong && head -c 16 /dev/zero >> wrong && XAUTHORITY=wrong xdpyinfo';
    const { status, stderr } = await vm.run(['--', 'sh', '-c', script], { timeoutMs: COLD_MS });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^muvm: Cannot use the X server .* as it refuses the client: Invalid MIT-MAGIC-COOKIE-1 key/m,
    );
  });
});

describe('without one', () => {
  const settings = { timeoutMs: COLD_MS, skip: onlyOnce() };

  coldTest(
    'a DISPLAY that nobody serves is told of, and the command runs',
    async (sandbox) => {
      const env = { DISPLAY: ':4242' };
      const { status, stderr } = await runMuvm(sandbox, ['--', 'true'], { env, timeoutMs: COLD_MS });
      expect(status).toBe(0);
      expect(stderr).toContain(
        'muvm: note: no program of the guest has a window, as no X server answers at DISPLAY ":4242": no such file or directory\n',
      );
    },
    settings,
  );

  coldTest(
    'a DISPLAY that is not set leaves the guest without, of which -v tells',
    async (sandbox) => {
      const script = 'echo "[$DISPLAY][$XAUTHORITY]"; ls /tmp/.X11-unix';
      const { stdout, stderr, errors } = await runMuvm(sandbox, ['-v', '--', 'sh', '-c', script], {
        timeoutMs: COLD_MS,
      });
      expect(stdout).toBe('[][]\n');
      expect(stderr).toMatch(/^muvm: +· x11 .*, skipped: DISPLAY is not set on the host$/m);
      expect(errors).not.toContain('note:');
    },
    settings,
  );

  coldTest(
    '--x11 off leaves the guest without, whatever DISPLAY is',
    async (sandbox) => {
      const env = { DISPLAY: ':4242' };
      const words = ['--x11', 'off', '--', 'sh', '-c', 'echo "[$DISPLAY]"; ls /tmp/.X11-unix'];
      const { stdout, errors, stderr } = await runMuvm(sandbox, words, { env, timeoutMs: COLD_MS });
      expect({ stdout, errors }).toEqual({ stdout: '[]\n', errors: '' });
      expect(stderr).not.toContain('X server');
    },
    settings,
  );

  coldTest(
    'a cookie that is wrong is told of at the start',
    async (sandbox) => {
      const wrong = join(sandbox.files, 'wrong');
      const right = readFileSync(server.env.XAUTHORITY);
      writeFileSync(wrong, Buffer.concat([right.subarray(0, -16), Buffer.alloc(16)]));
      const env = { ...server.env, XAUTHORITY: wrong };
      const { status, stderr } = await runMuvm(sandbox, ['--', 'true'], { env, timeoutMs: COLD_MS });
      expect(status).toBe(0);
      const sentence = `no program of the guest has a window, as the X server of DISPLAY "${server.env.DISPLAY}" refuses programs of the guest`;
      expect(stderr).toContain(`muvm: note: ${sentence}: Invalid MIT-MAGIC-COOKIE-1 key\n`);
    },
    { ...settings, skip },
  );

  coldTest(
    '--x11 cross-domain without a GPU is told of, with what works instead, and the command runs',
    async (sandbox) => {
      const words = ['--x11', 'cross-domain', '--', 'sh', '-c', 'echo run; xdpyinfo'];
      const { status, stdout, stderr } = await runMuvm(sandbox, words, { env: server.env, timeoutMs: COLD_MS });
      expect({ status, stdout }).toEqual({ status: 1, stdout: 'run\n' });
      const lines = stderr.split('\n').filter((line) => line.startsWith('muvm: note: ') && line.includes('x11'));
      expect(lines).toEqual([expect.stringContaining('Use "--x11 socket", which needs no GPU')]);
      expect(lines[0]).toContain('the machine has no virtio-gpu');
      expect(stderr).toContain('unable to open display');
    },
    { ...settings, skip: skip ?? onlyDriver('qemu') },
  );
});
