import { describe, expect, test } from '@jest/globals';
import { scanJson } from './scan-json.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const SAMPLES = [
  '{"mem": 4096, "env": ["A=b", "C"], "linger": 1.5e0, "verbose": true, "x": null, "y": {"z": [[], {}]}}',
  ' [ -0.25E+7 , "\\u00e9\\n\\"" ] ',
  '"text"',
];

describe('scanJson()', () => {
  test('finds a fault exactly where JSON.parse refuses: in each text with one character removed, doubled or another', () => {
    for (const sample of SAMPLES) {
      for (let at = 0; at <= sample.length; at++) {
        const [head, mark, tail] = [sample.slice(0, at), sample.charAt(at), sample.slice(at + 1)];
        for (const other of ['', mark + mark, mark, ...'{}[],:"\\0-.e+ \n\tx/']) {
          const text = `${head}${other}${tail}`;
          expect({ text, isJson: scanJson(text).fault === undefined }).toEqual({ text, isJson: isJson(text) });
        }
        expect(scanJson(head).fault === undefined).toBe(isJson(head));
      }
    }
  });

  test.each([
    ['{\n  "a": 1,\n  b: 2\n}', { line: 3, column: 3, wanted: 'a key in double quotes', found: 'b' }],
    ['{"a" 1}', { line: 1, column: 6, wanted: '":"', found: '1' }],
    ['{"a": }', { line: 1, column: 7, wanted: 'a value', found: '}' }],
    ['{"a": 1]', { line: 1, column: 8, wanted: '"," or "}"', found: ']' }],
    ['[1 2]', { line: 1, column: 4, wanted: '"," or "]"', found: '2' }],
    ['[', { line: 1, column: 2, wanted: 'a value or "]"', found: undefined }],
    ['{', { line: 1, column: 2, wanted: 'a key in double quotes or "}"', found: undefined }],
    ['{} x', { line: 1, column: 4, wanted: 'the end', found: 'x' }],
    [
      '{"é": "a\nb"}',
      { line: 1, column: 7, wanted: 'a text that ends on its line, with no unknown escape', found: '"' },
    ],
    ['\ufeff{}', { line: 1, column: 1, wanted: 'a value', found: '\ufeff' }],
  ])('tells what is wrong with %j', (text, fault) => {
    expect(scanJson(text).fault).toEqual(fault);
  });

  test('has the keys of the outermost object, escapes read', () => {
    expect(scanJson('{"a": {"b": 1}, "\\u0061": ["c"], "d": 1}').keys).toEqual(['a', 'a', 'd']);
  });
});
