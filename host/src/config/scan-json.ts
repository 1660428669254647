/** Where a text stops being JSON, and what would have to stand there. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Such as `a key in double quotes`. */
  readonly wanted: string;
  /** What stands there: a character, or undefined where the text ends. */
  readonly found: string | undefined;
}

export interface ScannedJson {
  readonly fault: JsonFault | undefined;
  /** The keys of the outermost object in their order, those that are there twice included. */
  readonly keys: readonly string[];
}

type State = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'more' | 'end';

interface Token {
  readonly kind: '{' | '}' | '[' | ']' | ',' | ':' | 'text' | 'literal' | 'end' | 'other';
  readonly text: string;
}

const BLANKS = /[ \t\n\r]*/y;
const TEXT = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/**
 * Reads a text as RFC 8259 has it. `JSON.parse` takes the same texts, but does not always tell where one is wrong, nor
 * that a key is there twice.
 */
export function scanJson(text: string): ScannedJson {
  const open: string[] = [];
  const keys: string[] = [];
  let state: State = 'value';
  for (let at = 0; ; ) {
    at += matchAt(BLANKS, text, at).length;
    const token = tokenAt(text, at);
    if (open.length === 1 && token.kind === 'text' && state.startsWith('key')) keys.push(JSON.parse(token.text));
    const next = step(state, token.kind, open);
    if (next === undefined) return { fault: describe(text, at, token, wantedIn(state, open)), keys };
    if (token.kind === 'end') return { fault: undefined, keys };
    state = next;
    at += token.text.length;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function tokenAt(text: string, at: number): Token {
  const mark = text.charAt(at);
  if (mark === '') return { kind: 'end', text: '' };
  if ('{}[],:'.includes(mark)) return { kind: mark as Token['kind'], text: mark };
  const quoted = matchAt(TEXT, text, at);
  if (quoted !== '') return { kind: 'text', text: quoted };
  const literal = matchAt(LITERAL, text, at);
  return literal === '' ? { kind: 'other', text: mark } : { kind: 'literal', text: literal };
}

/** What may follow the token. Undefined where the token itself must not be there. */
function step(state: State, kind: Token['kind'], open: string[]): State | undefined {
  const after = (): State => (open.length === 0 ? 'end' : 'more');
  const close = (mark: string): State | undefined => {
    if (open.at(-1) !== mark) return undefined;
    open.pop();
    return after();
  };
  const isEmptyAllowed = state === 'value or ]' || state === 'key or }' || state === 'more';
  if (kind === '}') return isEmptyAllowed && state !== 'value or ]' ? close('{') : undefined;
  if (kind === ']') return isEmptyAllowed && state !== 'key or }' ? close('[') : undefined;
  if (state === 'end') return kind === 'end' ? 'end' : undefined;
  if (state === 'more') return kind === ',' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined;
  if (state === 'colon') return kind === ':' ? 'value' : undefined;
  if (state === 'key' || state === 'key or }') return kind === 'text' ? 'colon' : undefined;
  if (kind === 'text' || kind === 'literal') return after();
  if (kind !== '{' && kind !== '[') return undefined;
  open.push(kind);
  return kind === '{' ? 'key or }' : 'value or ]';
}

function describe(text: string, at: number, token: Token, wanted: string): JsonFault {
  const before = text.slice(0, at).split('\n');
  const isBrokenText = token.kind === 'other' && token.text === '"';
  return {
    line: before.length,
    column: [...(before.at(-1) ?? '')].length + 1,
    wanted: isBrokenText ? 'a text that ends on its line, with no unknown escape' : wanted,
    found: at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : undefined,
  };
}

function wantedIn(state: State, open: readonly string[]): string {
  switch (state) {
    case 'value':
      return 'a value';
    case 'value or ]':
      return 'a value or "]"';
    case 'key':
      return 'a key in double quotes';
    case 'key or }':
      return 'a key in double quotes or "}"';
    case 'colon':
      return '":"';
    case 'more':
      return open.at(-1) === '{' ? '"," or "}"' : '"," or "]"';
    case 'end':
      return 'the end';
  }
}
