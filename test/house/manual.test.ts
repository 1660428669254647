/** The man page names each variable that docs/internals.md says is read, and no other. */
import { expect, test } from '@jest/globals';
import { VARIABLES } from '../../host/src/cli/manual/places.ts';
import { readSource } from './source-files.ts';

test('the variables of the man page (host/src/cli/manual/places.ts) are those of docs/internals.md', () => {
  const [, after = ''] = readSource('docs/internals.md').split('\n### Read\n');
  const [section = ''] = after.split('\n### ');
  const cells = [...section.matchAll(/^\| ([^|]*) \|/gm)].map(([, cell]) => cell ?? '');
  const read = cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  expect(read.length).toBeGreaterThan(10);
  expect(VARIABLES.map(([name]) => name).sort()).toEqual([...new Set(read)].sort());
});
