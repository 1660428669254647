import { execFileSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { enterRawMode } from './raw-mode.ts';
import { openTerminal, type Terminal } from './terminal.ts';

let terminal: Terminal;

const settings = () => execFileSync('stty', ['-F', terminal.path, '-a'], { encoding: 'utf8' });

beforeEach(() => {
  terminal = openTerminal();
});

afterEach(() => {
  closeSync(terminal.slave);
  closeSync(terminal.master);
});

describe('enterRawMode()', () => {
  test('takes echo, lines, keys for signals and changes to output away', () => {
    enterRawMode(terminal.slave);
    for (const setting of ['-echo', '-icanon', '-isig', '-opost', '-ixon'])
      expect(settings().split(/[ \n]/)).toContain(setting);
  });

  test('gives the former settings back, more than once if need be', () => {
    const former = settings();
    const leave = enterRawMode(terminal.slave);
    expect(settings()).not.toBe(former);
    leave();
    leave();
    expect(settings()).toBe(former);
  });

  test('refuses what is no terminal', () => {
    expect(() => enterRawMode(-1)).toThrow('EBADF');
  });
});
