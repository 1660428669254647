/** Only test/framework/skip.ts skips tests, so that no skip is without a reason; and the list of allowed skips is in order. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT, readSource, repositoryFiles } from './source-files.ts';
import { parseSource, type SyntaxNode, textsOf, walk } from './syntax.ts';

const HELPER = 'test/framework/skip.ts';
const OBJECTS: ReadonlySet<unknown> = new Set(['test', 'it', 'describe']);
const PROPERTIES: ReadonlySet<unknown> = new Set(['skip', 'only', 'todo', 'failing']);
const FUNCTIONS: ReadonlySet<unknown> = new Set(['xtest', 'xit', 'xdescribe', 'fit', 'fdescribe']);

const testFiles = repositoryFiles().filter((path) => /\.test\.ts$|^test\/.*\.ts$/.test(path));
/** Parsing takes long, and few files have any of these words. */
const WORDS = new RegExp(`\\b(${[...PROPERTIES, ...FUNCTIONS].join('|')})\\b`);

/** `["vm", "test", "skip"]` for `vm.test.skip` and `vm.test['skip']`. */
function namesIn(node: SyntaxNode): unknown[] {
  if (node.type !== 'MemberExpression') return [node['value']];
  const property = node['property'] as SyntaxNode;
  const name = property.type === 'Computed' ? textsOf(property['expression'] as SyntaxNode)[0] : property['value'];
  return [...namesIn(node['object'] as SyntaxNode), name];
}

const isSkip = (names: readonly unknown[]) =>
  PROPERTIES.has(names.at(-1)) && names.slice(0, -1).some((name) => OBJECTS.has(name));

/** `skip` in `const { skip } = test`. */
function namesTakenFrom(node: SyntaxNode): unknown[] {
  const [pattern, from] = [node['id'] as SyntaxNode, node['init'] as SyntaxNode | null];
  if (pattern.type !== 'ObjectPattern' || !OBJECTS.has(from?.['value'])) return [];
  return (pattern['properties'] as SyntaxNode[]).map(({ key }) => (key as SyntaxNode)['value']);
}

function skipsIn(path: string): string[] {
  return [...walk(parseSource(path))].flatMap((node) => {
    if (node.type === 'MemberExpression') return isSkip(namesIn(node)) ? [`${path}: ${namesIn(node).join('.')}`] : [];
    if (node.type === 'Identifier' && FUNCTIONS.has(node['value'])) return [`${path}: ${node['value']}`];
    if (node.type !== 'VariableDeclarator') return [];
    return namesTakenFrom(node).flatMap((name) => (PROPERTIES.has(name) ? [`${path}: { ${name} }`] : []));
  });
}

test('the helper, and nothing else, skips tests', () => {
  expect(testFiles.filter((path) => WORDS.test(readSource(path))).flatMap(skipsIn)).toEqual([`${HELPER}: test.skip`]);
});

interface Entry {
  readonly test: string;
  readonly reason: string;
  readonly runs: string;
  readonly if?: string;
}

const allowed = JSON.parse(readSource('test/allowed-skips.json')) as Entry[];

test('an allowed skip has a test file, a name, a reason and a place where the test runs', () => {
  const text = expect.stringMatching(/\S/);
  for (const entry of allowed) {
    expect({ if: 'on all hosts', ...entry }).toEqual({
      if: text,
      test: expect.stringMatching(/^\S+\.test\.ts: \S/),
      reason: text,
      runs: text,
    });
    expect(existsSync(join(ROOT, entry.test.slice(0, entry.test.indexOf(': '))))).toBe(true);
  }
});

test('the list of allowed skips is sorted', () => {
  const tests = allowed.map(({ test }) => test);
  expect(tests).toEqual([...tests].sort());
});
