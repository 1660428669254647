/**
 * The guest's side of test/vm/shared-memory.test.ts.
 *
 *     node shared-memory.cjs open FILE       maps a file that the host has made
 *     node shared-memory.cjs make FILE       makes it itself
 *     node shared-memory.cjs unlink FILE     makes it, and unlinks it once FILE.opened is there; only then is it a page long
 */
import { existsSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { mapShared } from '../../packages/linux/src/index.ts';
import { dance, PAGE_BYTES } from './dance.ts';

const LOOK_MS = 20;

async function openFile(mode: string, path: string): Promise<number> {
  if (mode === 'open') return openSync(path, 'r+');
  const fd = openSync(path, 'wx+', 0o600);
  if (mode === 'unlink') {
    while (!existsSync(`${path}.opened`)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    unlinkSync(path);
  }
  ftruncateSync(fd, PAGE_BYTES);
  return fd;
}

async function main([mode, path]: readonly string[]): Promise<void> {
  const fd = await openFile(mode as string, path as string);
  dance(mapShared(fd, PAGE_BYTES).words, 'guest');
  console.log('danced');
}

void main(process.argv.slice(2));
