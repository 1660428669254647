/**
 * The grammar of the sentences users see. A refusal starts with "Cannot"; an ending starts with what ended. No final
 * period, no contraction. A hint is a whole sentence.
 */
import { describe, expect, test } from '@jest/globals';
import { shippedSources } from './source-files.ts';
import { callsOf, type SyntaxNode, textsOf } from './syntax.ts';

/** Where the sentence stands in each call that makes an error, and whether the code may name an ending. */
const MAKERS = [
  { name: 'MuvmError', sentence: 1, code: 0 },
  { name: 'toMuvmError', sentence: 2, code: 1 },
  { name: 'fault', sentence: 0, code: undefined },
  { name: 'TypeError', sentence: 0, code: undefined },
  { name: 'RangeError', sentence: 0, code: undefined },
] as const;

// These tell what happened to something, rather than what muvm will not do.
const ENDINGS = new Set([
  'START_FAILED',
  'BOOT_FAILED',
  'VM_ENDED',
  'TIMED_OUT',
  'PROTOCOL',
  'INTERNAL',
  'NOT_RUNNING',
]);

interface Sentence {
  readonly where: string;
  readonly code: string | undefined;
  readonly text: string;
}

const calls = shippedSources().flatMap((path) =>
  MAKERS.flatMap((maker) => callsOf(path, maker.name).map((list) => ({ path, maker, list }))),
);

const sentences: Sentence[] = calls.flatMap(({ path, maker, list }) => {
  const code = maker.code === undefined ? undefined : textsOf(list[maker.code])[0];
  return textsOf(list[maker.sentence]).map((text) => ({ where: path, code, text }));
});

const hints: Sentence[] = calls.flatMap(({ path, list }) =>
  hintExpressions(list).flatMap((node) => textsOf(node).map((text) => ({ where: path, code: undefined, text }))),
);

function hintExpressions(list: readonly (SyntaxNode | undefined)[]): SyntaxNode[] {
  const objects = list.filter((node) => node?.type === 'ObjectExpression');
  const properties = objects.flatMap((node) => node?.['properties'] as SyntaxNode[]);
  return properties
    .filter((property) => (property['key'] as SyntaxNode | undefined)?.['value'] === 'hint')
    .map((property) => property['value'] as SyntaxNode);
}

const CONTRACTION = /\b(?:\w+n['’]t|(?:it|that|there|what|who|I|you|we|they)['’](?:s|re|ve|ll|d|m))\b/i;

const broken = (list: readonly Sentence[], isRight: (sentence: Sentence) => boolean) =>
  list.filter((sentence) => !isRight(sentence)).map(({ where, text }) => `${where}: ${text}`);

describe('sentences of errors', () => {
  test('are found', () => expect(sentences.length).toBeGreaterThan(20));

  test('start with "Cannot", or with what ended', () => {
    const isRight = ({ code, text }: Sentence) =>
      text.startsWith('Cannot ') || text.startsWith('…') || (ENDINGS.has(code ?? '') && /^[A-Z"]/.test(text));
    expect(broken(sentences, isRight)).toEqual([]);
  });

  test('have no final period', () => expect(broken(sentences, ({ text }) => !/[.!]\s*$/.test(text))).toEqual([]));

  test('have no contraction', () => expect(broken(sentences, ({ text }) => !CONTRACTION.test(text))).toEqual([]));
});

describe('hints', () => {
  test('are whole sentences', () => {
    expect(broken(hints, ({ text }) => /^["A-Z…]/.test(text) && /[.?…]$/.test(text))).toEqual([]);
  });

  test('have no contraction', () => expect(broken(hints, ({ text }) => !CONTRACTION.test(text))).toEqual([]));
});
