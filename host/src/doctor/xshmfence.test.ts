import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { packageVersion } from './package-version.ts';
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

const version = (text?: string) => async () => text;

describe('checkXshmfence()', () => {
  test('finds the variable in the bytes of a library that knows it, whatever its version', async () => {
    const path = library('\x7fELF\0\xff\0XSHMFENCE_NO_MEMFD\0/dev/shm\0');
    expect(await checkXshmfence(path, version('1.3-1ubuntu5'))).toMatchObject({
      state: 'ok',
      text: `"${path}" (version 1.3-1ubuntu5) knows XSHMFENCE_NO_MEMFD: guest and host share fences, and no program is stopped for it`,
    });
  });

  test('notes what one that does not know it costs', async () => {
    const path = library('\x7fELF\0/dev/shm\0');
    expect(await checkXshmfence(path, version())).toMatchObject({
      state: 'note',
      text: expect.stringMatching(
        /^"[^"]+" \(version untold\) does not know .* stop each program .* by ptrace; strace, gdb/,
      ),
      hint: expect.stringContaining('1.3.3'),
    });
  });
});

describe('packageVersion()', () => {
  const echo = (...words: string[]) => ({ program: 'echo', words });

  test.each([
    [[echo('1:1.3.3-1')], '1:1.3.3-1'],
    [[echo('libxshmfence', '1.3.3-1')], '1.3.3-1'],
    [[{ program: '/nonexistent', words: [] }, { program: 'false', words: [] }, echo('1.3.2')], '1.3.2'],
    [[echo('no', 'such', 'package!')], undefined],
    [[], undefined],
  ])('of %j is %s', async (questions, expected) => {
    expect(await packageVersion(questions)).toBe(expected);
  });
});
