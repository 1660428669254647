import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunOptions, runCommand, startTestServer, type TestServer } from '../testing/index.ts';

let server: TestServer;
const terminal = { rows: 33, columns: 101 };
const environment = { PATH: process.env['PATH'] ?? '' };

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

type Send = Parameters<NonNullable<RunOptions['onReply']>>[1];

/** Runs a dialogue: once the first text of a pair has appeared, does the second. */
async function converse(argv: string[], dialogue: [string, (send: Send) => void][], options: RunOptions = {}) {
  let output = '';
  const rest = [...dialogue];
  return runCommand(server.client, argv, {
    terminal,
    stdin: true,
    env: environment,
    ...options,
    onReply(reply, send) {
      if (reply.$case !== 'stdout') return;
      output += reply.value;
      for (let next = rest[0]; next !== undefined && output.includes(next[0]); next = rest[0]) {
        output = output.slice(output.indexOf(next[0]) + next[0].length);
        next[1](send);
        rest.shift();
      }
    },
  });
}

const type = (text: string) => (send: Send) => void send({ $case: 'stdin', value: Buffer.from(text) });

describe('a command with a terminal', () => {
  test('has a controlling terminal of the right size from the first byte on', async () => {
    const script = 'tty; stty size; echo hi > /dev/tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo $TERM';
    const result = await converse(['sh', '-c', script], []);
    expect(String(result.stdout)).toMatch(/^\/dev\/pts\/\d+\r\n33 101\r\nhi\r\nxterm\r\n$/);
    expect(result.exit).toEqual({ $case: 'code', value: 0 });
  });

  test('keeps the TERM of the caller', async () => {
    const env = { ...environment, TERM: 'screen-256color' };
    const result = await converse(['sh', '-c', 'echo $TERM'], [], { env });
    expect(String(result.stdout)).toBe('screen-256color\r\n');
  });

  test('loses nothing of its last output', async () => {
    for (let run = 0; run < 5; run += 1) {
      const result = await converse(['seq', '1', '20000'], []);
      expect(result.stdout.length).toBe(108_894 + 20_000);
    }
  });

  test('is interrupted by Ctrl-C', async () => {
    const result = await converse(['sh', '-c', 'echo ready; exec sleep 20'], [['ready', type('\x03')]]);
    expect(result.exit).toEqual({ $case: 'signal', value: 2 });
  });

  test('hears of a new size', async () => {
    const script = 'trap "stty size; exit 5" WINCH; echo ready; while :; do sleep 0.05; done';
    const resize = (send: Send) => void send({ $case: 'resize', value: { rows: 50, columns: 132 } });
    const result = await converse(['sh', '-c', script], [['ready', resize]]);
    expect(String(result.stdout)).toContain('50 132');
    expect(result.exit).toEqual({ $case: 'code', value: 5 });
  });

  test('reads to the end of its input', async () => {
    const finish = (send: Send) => {
      type('some words\n')(send);
      send({ $case: 'stdinEnd', value: {} });
    };
    const result = await converse(['sh', '-c', 'stty -echo; echo ready; cat; echo end'], [['ready', finish]]);
    expect(String(result.stdout)).toBe('ready\r\nsome words\r\nend\r\n');
  });

  test('is refused in the same words as one without', async () => {
    const result = await converse(['/nonexistent'], []);
    expect(result.refused).toMatchObject({
      status: 127,
      message: 'Cannot run "/nonexistent": no such file or directory',
    });
  });
});

describe('a shell with a terminal', () => {
  test('stops and continues its jobs', async () => {
    const result = await converse(
      ['bash', '--norc', '--noprofile', '-i'],
      [
        // No child of the job is about to start when the key comes: that would be a race between the two.
        ['P> ', type(`bash -c 'echo be""gin; read word; echo got-$word'\n`)],
        ['begin\r\n', type('\x1a')],
        ['Stopped', () => {}],
        ['P> ', type('jobs; fg\n')],
        ['read word', () => {}],
        ['read word', type('once\n')],
        ['got-once\r\n', () => {}],
        ['P> ', type('exit 3\n')],
      ],
      { env: { ...environment, PS1: 'P> ' } },
    );
    expect(result.exit).toEqual({ $case: 'code', value: 3 });
  });
});

describe('a client that goes away', () => {
  test('takes the shell and its jobs with it', async () => {
    let output = '';
    let isAsked = false;
    const result = await runCommand(server.client, ['bash', '--norc', '--noprofile', '-i'], {
      terminal,
      stdin: true,
      env: { ...environment, PS1: 'P> ' },
      onReply(reply, send, call) {
        if (reply.$case !== 'stdout') return;
        output += reply.value;
        if (output.endsWith('P> ') && !isAsked) type('sleep 100 & echo job $!\n')(send);
        isAsked ||= output.endsWith('P> ');
        if (/job \d+\r\n/.test(output)) call.cancel();
      },
    });
    expect(result.error?.code).toBe(1);
    const job = Number(/job (\d+)/.exec(output)?.[1]);
    const giveUpAt = performance.now() + 4000;
    while ([job, result.pid].some((pid) => existsSync(`/proc/${pid}`)) && performance.now() < giveUpAt) await sleep(20);
    expect(existsSync(`/proc/${job}`)).toBe(false);
    expect(existsSync(`/proc/${result.pid}`)).toBe(false);
  });
});

test('a terminal leaves no descriptor behind', async () => {
  await converse(['true'], []);
  const before = readdirSync('/proc/self/fd').length;
  for (let run = 0; run < 10; run += 1) await converse(['true'], []);
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 1);
});
