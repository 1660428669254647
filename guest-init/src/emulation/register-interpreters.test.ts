import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { registerInterpreters } from './register-interpreters.ts';

let directory: string;
const box = { name: 'BOX64', architecture: 'x86_64', path: '/usr/bin/box64', flags: '' } as const;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-emulation-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('registerInterpreters()', () => {
  test('writes a rule', () => {
    const register = join(directory, 'register');
    writeFileSync(register, '');
    expect(registerInterpreters({ emulation: { interpreters: [box], isOptional: false } }, register)).toBeUndefined();
    expect(readFileSync(register, 'utf8')).toMatch(/^:BOX64:M:0:.*:\/usr\/bin\/box64:$/);
  });

  test('tells of a kernel that takes none: as a reason, or as the error of what was asked for', () => {
    const register = join(directory, 'none');
    const sentence = 'Cannot run programs of x86_64 with "/usr/bin/box64": no such file or directory';
    expect(registerInterpreters({ emulation: { interpreters: [box], isOptional: true } }, register)).toBe(sentence);
    expect(() => registerInterpreters({ emulation: { interpreters: [box], isOptional: false } }, register)).toThrow(
      sentence,
    );
  });
});
