import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkXshmfence } from './xshmfence.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function library(content: string): string {
  const path = join(directory, 'libxshmfence.so.1');
  writeFileSync(path, Buffer.from(content, 'latin1'));
  return path;
}

describe('checkXshmfence()', () => {
  test('finds the variable in the bytes of a library that knows it', () => {
    const path = library('\x7fELF\0\xff\0XSHMFENCE_NO_MEMFD\0/dev/shm\0');
    expect(checkXshmfence(path)).toMatchObject({
      state: 'ok',
      text: `"${path}" knows XSHMFENCE_NO_MEMFD, so that guest and host can share fences`,
    });
  });

  test('notes what one that does not know it costs', () => {
    expect(checkXshmfence(library('\x7fELF\0/dev/shm\0'))).toMatchObject({
      state: 'note',
      text: expect.stringContaining('ptrace'),
      hint: expect.stringContaining('1.3.3'),
    });
  });
});
