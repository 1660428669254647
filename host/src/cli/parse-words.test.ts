import { describe, expect, test } from '@jest/globals';
import { parseWords } from './parse-words.ts';

function parsed(line: string) {
  const { given, command, faults } = parseWords(line === '' ? [] : line.split(' '));
  return { given: Object.fromEntries(given), command, faults: faults.map(({ message }) => message) };
}

describe('parseWords()', () => {
  test('ends the options at the first word that is not one', () => {
    expect(parsed('-i ls -l --mem 5')).toEqual({
      given: { interactive: true },
      command: ['ls', '-l', '--mem', '5'],
      faults: [],
    });
    expect(parsed('-v - -x').command).toEqual(['-', '-x']);
  });

  test.each(['true', 'false'])('takes "%s" behind a switch for the command', (word) => {
    expect(parsed(`--privileged ${word}`)).toEqual({ given: { privileged: true }, command: [word], faults: [] });
    expect(parsed(`-v ${word} -v`)).toMatchObject({ given: { verbose: true }, command: [word, '-v'] });
  });

  test('ends the options at "--", which it drops once', () => {
    expect(parsed('-t -- --help')).toEqual({ given: { tty: true }, command: ['--help'], faults: [] });
    expect(parsed('-- -- x').command).toEqual(['--', 'x']);
    expect(parsed('--').command).toEqual([]);
  });

  test('reads letters in one word, the last with its value behind or in the next word', () => {
    const given = { tty: true, interactive: true, identity: ['3335'] };
    expect(parsed('-tip 3335 id')).toEqual({ given, command: ['id'], faults: [] });
    expect(parsed('-tip3335 id')).toEqual({ given, command: ['id'], faults: [] });
  });

  test.each([
    ['-p 3335 x', { identity: ['3335'] }],
    ['-tp3334 x', { tty: true, identity: ['3334'] }],
    ['-p=3335 x', { identity: ['3335'] }],
    ['--port 3335 x', { identity: ['3335'] }],
    ['--publish 3335 x', { publishedPorts: ['3335'] }],
    ['-p 3335:3335 x', { publishedPorts: ['3335:3335'] }],
    ['-p 3336 -p 3335 -p8080:80/udp x', { identity: ['3335'], publishedPorts: ['3336', '8080:80/udp'] }],
    ['-tip 80 x', { tty: true, interactive: true, publishedPorts: ['80'] }],
  ])('knows by its value what -p is: "%s"', (line, given) => {
    expect(parsed(line)).toEqual({ given, command: ['x'], faults: [] });
  });

  test.each(['-eA=b=c x', '-e A=b=c x', '-e=A=b=c x', '--env A=b=c x', '--env=A=b=c x'])(
    'reads the value in "%s"',
    (line) => {
      expect(parsed(line)).toEqual({ given: { env: ['A=b=c'] }, command: ['x'], faults: [] });
    },
  );

  test('leaves values as they are: numbers, lists, quotes, dots, what starts with "="', () => {
    const words = ['-c0,1', '--mem', '0x10', '-e', '=x', '-e', 'A="q"', '--name', 'a.b', 'x'];
    const { given } = parseWords(words);
    expect(Object.fromEntries(given)).toEqual({
      cpus: ['0,1'],
      memoryMib: ['0x10'],
      env: ['=x', 'A="q"'],
      name: ['a.b'],
    });
  });

  test('keeps all values of an option that is repeated, in their order', () => {
    expect(parsed('-e A -e B --mem 1 --mem=2 x').given).toEqual({ env: ['A', 'B'], memoryMib: ['1', '2'] });
  });

  test('says how the value of an option is given', () => {
    const hintFor = (word: string) => parseWords([word]).faults[0]?.hint;
    expect(hintFor('--mem')).toBe('Give it as "--mem MIB".');
    expect(hintFor('--completion=')).toBe('Give it as "--completion bash|zsh|fish".');
  });

  test('does not touch the words of the command', () => {
    const words = ['-i', 'sh', '-c', 'echo "$1"', '', '-eX=1', '--mem=1', '--'];
    expect(parseWords(words).command).toEqual(words.slice(1));
  });

  test.each([
    ['--frobnicate x', 'Cannot use the unknown option "--frobnicate"'],
    ['-z x', 'Cannot use the unknown option "-z"'],
    ['--no-json x', 'Cannot use the unknown option "--no-json"'],
    ['--cpuList 1 x', 'Cannot use the unknown option "--cpuList"'],
    ['--mem', 'Cannot use --mem without a value'],
    ['-p', 'Cannot use --publish without a value'],
    ['--mem= x', 'Cannot use --mem without a value'],
    ['--mem --json x', 'Cannot use --mem without a value'],
    ['--json=yes x', 'Cannot give --json a value'],
    ['-i=yes x', 'Cannot give --interactive a value'],
  ])('refuses "%s"', (line, sentence) => {
    expect(parsed(line).faults).toEqual([sentence]);
  });

  test.each([
    ['--memm 5 x', 'Did you mean --mem?'],
    ['-status', 'Did you mean --status?'],
    ['--frobnicate', 'See "muvm --help" for the options.'],
  ])('hints at what "%s" was meant to be', (line, hint) => {
    expect(parseWords(line.split(' ')).faults.map((fault) => fault.hint)).toContain(hint);
  });
});
