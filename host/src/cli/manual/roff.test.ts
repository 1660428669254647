import { describe, expect, test } from '@jest/globals';
import { bold, italic, marked, plain, tagged, verbatim } from './roff.ts';

describe('text', () => {
  test('has the minus of options, and the hyphen of words', () => {
    expect(plain('(with -i: a set-up)')).toBe('(with \\-i: a set-up)');
    expect(plain('CPUs 0-3 and --print-config')).toBe('CPUs 0\\-3 and \\-\\-print\\-config');
    expect(bold('cpu-list')).toBe('\\fBcpu\\-list\\fR');
  });

  test('says what roff would take for commands', () => {
    expect(plain('a\\b "c" `d` ~ ^')).toBe('a\\(rsb \\(dqc\\(dq \\(gad\\(ga \\(ti \\(ha');
    expect(italic("it's")).toBe('\\fIit\\(aqs\\fR');
    expect(plain('…')).toBe('\\[u2026]');
    expect(marked('.SH is no request')).toBe('\\&.SH is no request');
    expect(marked("'tis none")).toBe("\\&'tis none");
    expect(tagged('.x', 'y')).toBe('.TP\n\\&.x\ny');
    expect(verbatim('.x -y')).toContain('\n\\&.x \\-y\n');
  });
});

describe('marked()', () => {
  test('knows code, what stands for something, and links', () => {
    expect(marked('Use `-p` with *NAME*, see [this](a-b.md)')).toBe(
      'Use \\fB\\-p\\fR with \\fINAME\\fR, see this (\\fIa\\-b.md\\fR)',
    );
  });

  test('begins a line with each sentence, and again where one is long', () => {
    expect(marked('One. Two? `three`.')).toBe('One.\nTwo?\n\\fBthree\\fR.');
    const lines = marked(`${'word '.repeat(20)}. ${'dot . '.repeat(20)}`).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(82);
    expect(lines.filter((line) => /^[.']/.test(line))).toEqual([]);
  });
});
