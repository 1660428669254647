import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Deferred } from '@muvm/lifetime';
import type { Helper, HelperExit } from '@muvm/process';
import { PasstWords, watchPasst } from './passt-end.ts';

/** A passt that ends when the test says so, and a machine that has ended or not. */
function watched({ isWished = false, isVmmOver = false } = {}) {
  const exited = new Deferred<HelperExit>();
  const up = new Deferred<void>();
  const words = new PasstWords();
  const notices: string[] = [];
  const refused = watchPasst({ exited: exited.promise } as Helper, words, {
    isWished,
    up: up.promise,
    vmm: { hasExited: () => isVmmOver },
    onNotice: (sentence) => notices.push(sentence),
  });
  const end = (code: number | null) => {
    const sentence = code === null ? 'passt was killed by SIGKILL' : `passt ended with status ${code}`;
    exited.resolve({ code, signal: code === null ? 'SIGKILL' : null, sentence });
  };
  const outcome = () => Promise.race([refused, sleep(700).then(() => notices)]);
  return { end, up, words, outcome };
}

describe('watchPasst()', () => {
  test('ends a machine that asked for what passt refuses, with the words of passt', async () => {
    const { end, words, outcome } = watched({ isWished: true });
    words.add('Failed to send 12 bytes to syslog');
    words.add('Failed to bind any port for -t 80, exiting.\n');
    end(1);
    expect(await outcome()).toMatchObject({
      code: 'START_FAILED',
      message:
        'Cannot connect the guest to the network as passt ended with status 1: Failed to bind any port for -t 80, exiting',
    });
  });

  test.each([
    ['nothing was asked of it', false, false],
    ['the guest runs already', true, true],
  ])('says once that the network is lost where %s', async (_, isWished, isUp) => {
    const { end, up, outcome } = watched({ isWished });
    if (isUp) up.resolve();
    await sleep(0);
    end(null);
    expect(await outcome()).toEqual(['the guest has no network, as passt was killed by SIGKILL']);
  });

  test('says nothing where passt ends because the machine did', async () => {
    const { end, outcome } = watched({ isVmmOver: true });
    end(0);
    expect(await outcome()).toEqual([]);
  });
});

test('PasstWords keeps the last words, and cuts them', () => {
  const words = new PasstWords();
  for (const line of ['one', 'two', 'three', 'x'.repeat(1000)]) words.add(line);
  expect(String(words)).toBe(`two; three; ${'x'.repeat(300)}`);
  const refusing = new PasstWords();
  for (const line of ["passt: unrecognized option '--x'", 'Usage: passt [OPTION]...', '  -h']) refusing.add(line);
  expect(String(refusing)).toBe("passt: unrecognized option '--x'");
});
