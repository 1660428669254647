/**
 * The part of roff that a man page needs, after man(7) and groff_char(7). Text goes in as it is meant and comes out
 * escaped: a piece of a line from `plain`, `bold` and `italic`, whole lines from the others.
 */

import { wrapText } from '../columns.ts';

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** A word such as "set-up", whose hyphen is one. Any other is the minus that people type and copy. */
const HYPHENATED = /^["(]*[A-Za-z]+(?:-[A-Za-z]+)+[).,:;"]*$/;

/** What mandoc(1) wants lines to stay within. */
const LINE_COLUMNS = 80;

function escapeMarks(text: string): string {
  const unicode = (letter: string) => `\\[u${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`;
  return text.replaceAll(/[\\"`^~]/g, (mark) => SPECIAL[mark] ?? mark).replaceAll(/[^\0-\x7f]/gu, unicode);
}

/** Running text. */
export function plain(text: string): string {
  const escapeWord = (word: string) =>
    HYPHENATED.test(word) ? escapeMarks(word) : escapeMarks(word).replaceAll('-', '\\-');
  return text.split(' ').map(escapeWord).join(' ');
}

/** What is typed exactly so. */
export function bold(text: string): string {
  return `\\fB${literal(text)}\\fR`;
}

/** What stands for something else. */
export function italic(text: string): string {
  return `\\fI${literal(text)}\\fR`;
}

function literal(text: string): string {
  return escapeMarks(text).replaceAll('-', '\\-').replaceAll("'", '\\(aq');
}

/** Running text with `code`, *what stands for something* and [links](page), each sentence on lines of its own. */
export function marked(text: string): string {
  const pieces = text.split(/(`[^`]+`|\*[^*]+\*|\[[^\]]+\]\([^)]+\))/).map((piece) => {
    const [, words, target] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(piece) ?? [];
    if (words !== undefined && target !== undefined) return `${plain(words)} (${italic(target)})`;
    if (/^`.+`$/.test(piece)) return bold(piece.slice(1, -1));
    return /^\*.+\*$/.test(piece) ? italic(piece.slice(1, -1)) : plain(piece);
  });
  const sentences = pieces.join('').split(/(?<=[.?!]) +(?=[A-Z\\])/);
  return sentences
    .flatMap((sentence) => wrapText(sentence, LINE_COLUMNS))
    .map(harmless)
    .join('\n');
}

/** A dot or an apostrophe that begins a line would make it a request. */
function harmless(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/** A chapter of the page. */
export function section(title: string, ...parts: readonly string[]): string {
  return [`.SH ${title}`, ...parts].join('\n');
}

export function subsection(title: string, ...parts: readonly string[]): string {
  return [`.SS ${plain(title)}`, ...parts].join('\n');
}

/** Running text in paragraphs. */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map(marked).join('\n.PP\n');
}

/** A term, made by the functions above, and below it what it means. */
export function tagged(term: string, meaning: string): string {
  return `.TP\n${harmless(term)}\n${marked(meaning)}`;
}

/** Lines that stay as they are, between two paragraphs. */
export function verbatim(...lines: readonly string[]): string {
  return ['.PP', '.RS 4', '.nf', ...lines.map(literal).map(harmless), '.fi', '.RE', '.PP'].join('\n');
}
