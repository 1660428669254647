import type { Reading } from './setting.ts';

/** More than any program of this kind has options. */
const WORDS_MAX = 256;

// A run of plain characters, one that is escaped, or a quoted piece: sh(1), section "Quoting", without expansions.
const PIECE = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s\\'"]+)/sy;
const BLANKS = /\s*/y;

/** Words as a shell splits them: at white space that is neither quoted nor escaped. Nothing is expanded. */
export function readWords(text: string): Reading<readonly string[]> {
  const words: string[] = [];
  let at = skip(BLANKS, text, 0);
  while (at < text.length) {
    const { word, end } = readWord(text, at);
    if (word === undefined) return { wanted: 'every quote in it must be closed, and something follow a "\\"' };
    words.push(word);
    at = skip(BLANKS, text, end);
  }
  if (words.length === 0 || words.length > WORDS_MAX || text.includes('\0')) {
    return { wanted: `it must be 1 to ${WORDS_MAX} words` };
  }
  return { value: words };
}

/** The reverse of {@link readWords}. */
export function writeWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function readWord(text: string, start: number): { readonly word: string | undefined; readonly end: number } {
  let word = '';
  let end = start;
  while (end < text.length && !/\s/.test(text[end] ?? '')) {
    PIECE.lastIndex = end;
    const [piece, escaped, single, double, plain] = PIECE.exec(text) ?? [];
    if (piece === undefined) return { word: undefined, end };
    word += escaped ?? single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? plain ?? '';
    end += piece.length;
  }
  return { word, end };
}
