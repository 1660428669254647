import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { boundToParent } from './bound-to-parent.ts';
import { spawnHelper } from './spawn-helper.ts';

const ENV = { PATH: process.env['PATH'] ?? '' };

function sh(script: string, extra: object = {}) {
  return spawnHelper({ name: 'helper', program: '/bin/sh', args: ['-c', script], env: ENV, ...extra });
}

describe('spawnHelper()', () => {
  test('gives its output, and how it ended as a sentence', async () => {
    await using helper = await sh('echo out; exit 3');
    expect(await text(helper.stdout)).toBe('out\n');
    expect(await helper.exited).toEqual({ code: 3, signal: null, sentence: 'helper ended with status 3' });
  });

  test('tells each line of its errors', async () => {
    const lines: string[] = [];
    await using helper = await sh('echo one >&2; printf two >&2', { onErrorLine: (line: string) => lines.push(line) });
    await helper.exited;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lines).toEqual(['one', 'two']);
  });

  test('inherits neither variables nor descriptors beyond those given', async () => {
    process.env['MUVM_TEST_LEAK'] = 'leaked';
    const fd = openSync('/dev/null', 'r');
    await using helper = await sh('echo "$MUVM_TEST_LEAK"; ls /proc/self/fd', { descriptors: [fd] });
    const [variable, ...found] = (await text(helper.stdout)).trimEnd().split('\n');
    closeSync(fd);
    delete process.env['MUVM_TEST_LEAK'];
    expect(variable).toBe('');
    // What the test itself was started with, the one that was given, and the directory that ls reads.
    const inherited = spawnSync('ls', ['/proc/self/fd'], { encoding: 'utf8' }).stdout.trimEnd().split('\n');
    expect(found.length).toBe(inherited.length + 1);
  });

  test('refuses a program that is not there', async () => {
    const options = { name: 'helper', program: '/nonexistent', args: [], env: ENV };
    const helper = spawnHelper(options);
    // With setpriv(1) in front the start succeeds, and setpriv reports it.
    const outcome = await helper.then(({ exited }) => exited).catch((error: Error) => error.message);
    expect(JSON.stringify(outcome)).toMatch(/ended with status 127|Cannot start "\/nonexistent"/);
  });

  test('kills on disposal what does not end by itself', async () => {
    const helper = await sh('trap "" TERM; echo ready; while :; do sleep 0.05; done', { graceMs: 100 });
    await once(helper.stdout, 'data');
    await helper[Symbol.asyncDispose]();
    expect((await helper.exited).sentence).toBe('helper was killed by SIGKILL');
  });
});

test('boundToParent() makes a helper die with a parent that is killed', async () => {
  const [program, args] = boundToParent('/bin/sleep', ['1000']);
  const script = `const c = require('node:child_process').spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: 'ignore' }); console.log(c.pid); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await new Promise((resolve) => setTimeout(resolve, 200));
  parent.kill('SIGKILL');
  for (let tries = 0; existsSync(`/proc/${pid}`) && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});
