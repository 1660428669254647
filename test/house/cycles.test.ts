/** Import cycles between files, as they are at run time: types are gone by then, and a lazy import closes no circle. */
import { expect, test } from '@jest/globals';
import { importsOf, resolveImport } from './imports.ts';
import { shippedSources } from './source-files.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

function importGraph(): Graph {
  const sources = shippedSources();
  return new Map(
    sources.map((from) => [
      from,
      importsOf(from)
        .filter(({ typeOnly, lazy }) => !typeOnly && !lazy)
        .map(({ specifier }) => resolveImport(from, specifier))
        .filter((to) => to !== undefined),
    ]),
  );
}

/** The first cycle found from each file, as the path that closes it. */
function findCycles(graph: Graph): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

test('findCycles() finds a circle of three', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
  ]);
  expect(findCycles(graph)).toEqual([['a', 'b', 'c', 'a']]);
});

test('no file imports itself through others', () => {
  expect(findCycles(importGraph()).map((cycle) => cycle.join(' → '))).toEqual([]);
});
