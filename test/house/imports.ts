import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './source-files.ts';
import { parseSource, type SyntaxNode, textsOf, walk } from './syntax.ts';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
  /** Runs when it is called, not when the file is loaded. */
  readonly lazy: boolean;
}

const STATIC = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration']);

/** Everything a file imports: statically, by `import()`, by `require()` or by a `require` made with createRequire(). */
export function importsOf(path: string): Import[] {
  const imports: Import[] = [];
  for (const node of walk(parseSource(path))) {
    const source = node['source'] as SyntaxNode | null | undefined;
    if (STATIC.has(node.type) && source) {
      imports.push({ specifier: source['value'] as string, typeOnly: node['typeOnly'] === true, lazy: false });
    } else if (node.type === 'CallExpression' && isLoad(node['callee'] as SyntaxNode)) {
      const [first] = node['arguments'] as { expression: SyntaxNode }[];
      for (const specifier of textsOf(first?.expression)) imports.push({ specifier, typeOnly: false, lazy: true });
    }
  }
  return imports;
}

function isLoad(callee: SyntaxNode): boolean {
  if (callee.type === 'Import') return true;
  if (callee.type === 'Identifier') return callee['value'] === 'require';
  const inner = callee.type === 'CallExpression' ? (callee['callee'] as SyntaxNode) : undefined;
  return inner?.type === 'Identifier' && inner['value'] === 'createRequire';
}

/** The file of ours that an import leads to, undefined for anything else. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const room = /^@muvm\/([a-z-]+)(?:\/([a-z-]+))?$/.exec(specifier);
  if (!room) return undefined;
  const [, name, entry = 'index'] = room;
  const folders = [`packages/${name}`, `${name}`];
  return folders.map((folder) => `${folder}/src/${entry}.ts`).find((path) => existsSync(join(ROOT, path)));
}
