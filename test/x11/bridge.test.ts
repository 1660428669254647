/** The bridge on a stand-in for the GPU: real clients on a real server, and what no server without a GPU has, with a scripted one. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { random } from '../../packages/x11/src/testing/messages.ts';
import {
  programsMissing,
  REPOSITORY,
  rssBytes,
  startXServer,
  testUnless,
  until,
  type XServer,
} from '../framework/index.ts';
import { fenceSkipReason } from '../peers/fence-library.ts';
import { type RunningBridge, startBridge, startScriptedServer } from './start-bridge.ts';

const run = promisify(execFile);
const LONG_MS = 120_000;
const CLIENT = join(REPOSITORY, 'dist/peers/x11-scripted/client.cjs');

/** A scenario of test/x11/scripted/client.ts through a bridge. @returns what the client and what the server said */
async function play(scenario: string, futexes: 'shared' | 'apart' = 'shared') {
  await using server = await startScriptedServer();
  await using bridge = await startBridge(server.socket, futexes);
  const { stdout } = await run(process.execPath, [CLIENT, bridge.socket, scenario], { timeout: LONG_MS });
  expect(await until(() => server.lines().some((line) => line.startsWith('end')), 5000)).toBe(true);
  expect(bridge.lines()).toEqual(['ready']);
  return { client: stdout.split('\n'), server: server.lines() };
}

describe('with a server that shares buffers', () => {
  testUnless(
    fenceSkipReason(),
    'each descriptor arrives with its request, and the same buffer as the same',
    async () => {
      const { client, server } = await play('buffers');
      const [, one, other] = /^mine (\S+) (\S+)$/.exec(client[2] as string) as RegExpExecArray;
      expect(server).toEqual([
        'ready',
        'version 1.3',
        `pixmap 1 ${one}`,
        `planes 3 ${other} ${one} ${other}`,
        'end, 0 descriptors left',
      ]);
    },
    LONG_MS,
  );

  testUnless(
    fenceSkipReason(),
    'the device of the guest is the answer to Open, and replies stay in order',
    async () => {
      const { client } = await play('buffers');
      expect(client.slice(0, 2)).toEqual(['present 1 1 0', 'version 1.3']);
      expect(client.slice(3)).toEqual(['replies 5/0 7/0 9/0 10/1 11/0 12/1', 'device true same true', 'done', '']);
    },
    LONG_MS,
  );
});

describe.each([
  ['a file in /dev/shm, as libxshmfence makes it from 1.3.3 on', 'fence-file'],
  ['a memfd, as older ones make it', 'fence-memfd'],
])('a fence in %s', (_, scenario) => {
  describe.each([
    ['of one memory on both sides', 'shared'],
    ['whose every wake-up must be passed on', 'apart'],
  ] as const)('%s', (_name, futexes) => {
    testUnless(
      fenceSkipReason(),
      'is triggered and awaited both ways',
      async () => {
        const { client, server } = await play(scenario, futexes);
        expect(client.slice(2)).toEqual(['rounds 200', 'done', '']);
        expect(server.filter((line) => line === 'awaited').length).toBe(200);
        expect(server.slice(-3)).toEqual(['destroyed a fence', 'destroyed nothing', 'end, 0 descriptors left']);
      },
      LONG_MS,
    );
  });
});

const skip = programsMissing('Xvfb', 'xdpyinfo', 'xlsfonts', 'xprop', 'xclip', 'xlogo', 'import');

describe('with Xvfb', () => {
  let server: XServer;
  let bridge: RunningBridge;
  const client = (program: string, ...words: string[]) =>
    run(program, words, {
      env: { ...process.env, DISPLAY: bridge.display, XAUTHORITY: server.env.XAUTHORITY },
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
      encoding: 'buffer',
    });
  const descriptors = () => readdirSync(`/proc/${bridge.process.pid}/fd`).length;

  beforeAll(async () => {
    server = await startXServer({ arguments: ['-ac'] });
    bridge = await startBridge(`/tmp/.X11-unix/X${server.env.DISPLAY.slice(1)}`);
  }, LONG_MS);
  afterAll(async () => {
    await bridge?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  testUnless(
    skip,
    'xdpyinfo, xlsfonts and xprop print what they print without it, but for MIT-SHM',
    async () => {
      const asked: readonly (readonly [string, ...string[]])[] = [['xdpyinfo'], ['xlsfonts'], ['xprop', '-root']];
      for (const [program, ...words] of asked) {
        const direct = server.run(program, ...words).toString();
        const hidden = direct
          .replace(/^name of display: .*$/m, `name of display:    ${bridge.display}`)
          .replace(/^ +MIT-SHM\n/m, '')
          .replace(/(number of extensions: +)(\d+)/, (_, label, count) => `${label}${Number(count) - 1}`);
        expect(String((await client(program, ...words)).stdout)).toBe(hidden);
      }
    },
    LONG_MS,
  );

  testUnless(
    skip,
    'a clipboard of 5 MB arrives whole, in both directions',
    async () => {
      const text = randomBytes(2_500_000).toString('hex');
      const [from, to] = [server.env.DISPLAY, bridge.display];
      for (const [owner, asker] of [
        [from, to],
        [to, from],
      ] as const) {
        const copy = execFile('xclip', ['-display', owner, '-selection', 'clipboard', '-quiet', '-i']);
        copy.stdin?.end(text);
        await sleep(500);
        const { stdout } = await run('xclip', ['-display', asker, '-selection', 'clipboard', '-o'], {
          maxBuffer: 10_000_000,
          timeout: 60_000,
        });
        copy.kill();
        expect(stdout === text).toBe(true);
      }
    },
    LONG_MS,
  );

  testUnless(
    skip,
    'a window is the same picture',
    async () => {
      const shot = async (display: string) => {
        const logo = execFile('xlogo', ['-display', display, '-geometry', '200x200+10+10']);
        await sleep(1500);
        const picture = server.screenshot();
        logo.kill();
        await sleep(500);
        return picture;
      };
      const [direct, bridged, empty] = [
        await shot(server.env.DISPLAY),
        await shot(bridge.display),
        server.screenshot(),
      ];
      expect(bridged.equals(direct)).toBe(true);
      expect(bridged.equals(empty)).toBe(false);
    },
    LONG_MS,
  );

  testUnless(
    skip,
    'clients that send anything, and go away at any time, end alone',
    async () => {
      const next = random(20);
      await client('xdpyinfo');
      const [before, rssBefore] = [descriptors(), rssBytes(bridge.process.pid as number) ?? 0];
      const logo = execFile('xlogo', ['-display', bridge.display]);
      for (let round = 0; round < 300; round += 1) {
        const socket = createConnection({ path: bridge.socket });
        socket.on('error', () => {});
        const setup = Buffer.from(
          ['6c000b000000000000000000', '42000b00ffffffff00000000', 'ff', ''][next(4)] as string,
          'hex',
        );
        socket.write(Buffer.concat([setup, randomBytes(next(2000))]));
        if (next(2) === 0) socket.end();
        else setTimeout(() => socket.destroy(), next(50));
        if (round % 20 === 0) await sleep(20);
      }
      await client('xdpyinfo');
      expect(logo.exitCode).toBeNull();
      logo.kill();
      expect(await until(() => descriptors() <= before, 5000)).toBe(true);
      expect((rssBytes(bridge.process.pid as number) ?? 0) - rssBefore).toBeLessThan(64 * 1024 * 1024);
    },
    LONG_MS,
  );

  testUnless(
    skip,
    'a client of a server that is not there is told so',
    async () => {
      await using alone = await startBridge('/nonexistent');
      const asked = run('xdpyinfo', ['-display', alone.display], { timeout: 60_000 });
      await expect(asked).rejects.toMatchObject({
        stderr: expect.stringMatching(/muvm: no X server answers on the host/),
      });
    },
    LONG_MS,
  );
});
