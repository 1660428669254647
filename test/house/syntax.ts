import { parseSync } from '@swc/core';
import { readSource } from './source-files.ts';

/** Any node of swc's syntax tree. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

const parsed = new Map<string, SyntaxNode>();

export function parseSource(path: string): SyntaxNode {
  const known = parsed.get(path);
  if (known) return known;
  const tree = parseSync(readSource(path), { syntax: 'typescript', target: 'es2022' }) as unknown as SyntaxNode;
  parsed.set(path, tree);
  return tree;
}

/** Every node of a tree, parents before children. */
export function* walk(node: unknown): Generator<SyntaxNode> {
  if (Array.isArray(node)) {
    for (const entry of node) yield* walk(entry);
  } else if (typeof node === 'object' && node !== null) {
    if ('type' in node) yield node as SyntaxNode;
    for (const value of Object.values(node)) yield* walk(value);
  }
}

/** The calls and constructions of a function or class by name, as their argument expressions. */
export function callsOf(path: string, name: string): (SyntaxNode | undefined)[][] {
  const calls: (SyntaxNode | undefined)[][] = [];
  for (const node of walk(parseSource(path))) {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') continue;
    const callee = node['callee'] as SyntaxNode;
    if (callee.type !== 'Identifier' || callee['value'] !== name) continue;
    const list = (node['arguments'] ?? []) as { expression: SyntaxNode }[];
    calls.push(list.map(({ expression }) => expression));
  }
  return calls;
}

/**
 * The text of a string literal or template, with `…` in place of what is put in. For a choice between two, both.
 * Empty for any other expression.
 */
export function textsOf(node: SyntaxNode | undefined): string[] {
  if (node?.type === 'StringLiteral') return [node['value'] as string];
  if (node?.type === 'TemplateLiteral') {
    return [(node['quasis'] as { cooked: string }[]).map(({ cooked }) => cooked).join('…')];
  }
  if (node?.type === 'ConditionalExpression') {
    return [...textsOf(node['consequent'] as SyntaxNode), ...textsOf(node['alternate'] as SyntaxNode)];
  }
  return [];
}
