/** Every room has a door: an index.ts with a doc comment that says what the room is. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT, readSource, shippedSources } from './source-files.ts';

// Not rooms: entry files, the folders that only hold rooms, and what lies within a room for its own use.
const NO_ROOM = /(^|\/)(bin|commands|testing)$|^(host|guest-init)\/src$/;

const folders = new Set(shippedSources().map((path) => dirname(path)));
const rooms = [...folders].filter((folder) => !NO_ROOM.test(folder)).sort();

test.each(rooms)('%s has an index.ts with a doc comment', (room) => {
  expect(existsSync(join(ROOT, room, 'index.ts'))).toBe(true);
  expect(readSource(join(room, 'index.ts'))).toMatch(/^\/\*\*\s*\S/m);
});

test('a door opens: what it exports is exported', () => {
  const doors = [...folders].map((folder) => join(folder, 'index.ts')).filter((path) => existsSync(join(ROOT, path)));
  expect(doors.filter((path) => !/^export /m.test(readSource(path))).map((path) => basename(dirname(path)))).toEqual(
    [],
  );
});
