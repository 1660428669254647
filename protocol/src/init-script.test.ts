import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { BOOT_MARKS } from './boot-marks.ts';
import { renderInitScript } from './init-script.ts';

const options = {
  nodePath: '/usr/bin/node',
  nodeArguments: ['--flag'],
  agentArguments: ['/a b/agent.cjs', "/it's"],
  isFirst: true,
};

describe('renderInitScript()', () => {
  test('begins with the first mark on the console', () => {
    const lines = renderInitScript(options).split('\n');
    expect(lines[0]).toBe('#!/bin/sh');
    expect(lines.findIndex((line) => line.includes(BOOT_MARKS.init))).toBe(2);
  });

  test('is a script that sh can read', () => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: renderInitScript(options) });
    expect([status, String(stderr)]).toEqual([0, '']);
  });

  test('mounts nothing where libkrun has done so', () => {
    expect(renderInitScript(options)).toContain('mount -t proc');
    expect(renderInitScript({ ...options, isFirst: false })).not.toContain('mount ');
  });

  test('hands every word on as it is', () => {
    const words = ['plain', 'two words', "it's", '$HOME `id` "quoted" \\ *', '', 'new\nline', '-n', '&', '#'];
    const script = renderInitScript({
      ...options,
      nodePath: 'printf',
      nodeArguments: ['%s\\0'],
      agentArguments: words,
    });
    const command = script.slice(script.indexOf("'printf'"), script.indexOf(' &\nwait'));
    const { stdout } = spawnSync('sh', ['-c', command]);
    expect(String(stdout).split('\0').slice(0, -1)).toEqual(words);
  });

  test('tells how the agent ended, and ends itself', () => {
    // What touches the machine is left out; the rest runs as it is.
    const script = renderInitScript({ ...options, nodePath: 'sh', nodeArguments: ['-c'], agentArguments: ['exit 7'] })
      .split('\n')
      .filter((line) => !/^(exec|mount|for|kill|sync)\b/.test(line))
      .join('\n');
    const { status, stdout } = spawnSync('sh', [], { input: script });
    expect(String(stdout)).toBe('muvm: init\nmuvm: agent ended with status 7\n');
    expect(status).toBe(0);
  });
});
