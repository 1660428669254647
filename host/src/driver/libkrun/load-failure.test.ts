import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ELF_MACHINES, readElfHeader } from './elf-header.ts';
import { loadFailure } from './load-failure.ts';
import { loadNativeLibrary } from './native-library.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-libkrun-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(content: Buffer | string): string {
  const path = join(directory, 'libkrun.so.1');
  writeFileSync(path, content);
  return path;
}

/** The header of a 64-bit ELF file whose sections would end after `bytes`. */
function elf({ machine, bytes = 64, is64 = true }: { machine: number; bytes?: number; is64?: boolean }): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header[4] = is64 ? 2 : 1;
  header.writeUInt16LE(machine, 18);
  header.writeBigUInt64LE(BigInt(bytes - 64), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(1, 60);
  return header;
}

const ownMachine = ELF_MACHINES[process.arch] as number;
const otherMachine = process.arch === 'x64' ? 183 : 62;

describe('readElfHeader()', () => {
  test('tells the machine of a file', () => {
    expect(readElfHeader(write(elf({ machine: 183 })))).toEqual({ machine: 183, isComplete: true });
  });

  test('tells that a file is shorter than its header says', () => {
    expect(readElfHeader(write(elf({ machine: 62, bytes: 65 })))).toEqual({ machine: 62, isComplete: false });
  });

  test('tells the machine of a 32-bit file, whatever its other fields are', () => {
    expect(readElfHeader(write(elf({ machine: 3, is64: false, bytes: 1e6 })))).toEqual({
      machine: 3,
      isComplete: true,
    });
  });

  test.each([
    ['nothing', ''],
    ['text', 'INPUT(libkrun.so.1.17.4)\n'.repeat(9)],
    ['a header that is cut off', elf({ machine: 62 }).subarray(0, 63)],
  ])('finds no header in %s', (_, content) => expect(readElfHeader(write(content))).toBeUndefined());

  test('takes this very node for an ELF file of this machine', () => {
    expect(readElfHeader(process.execPath)).toEqual({ machine: ownMachine, isComplete: true });
  });
});

describe('loadNativeLibrary() refuses', () => {
  test('a file that is not there', () => {
    expect(() => loadNativeLibrary('/nonexistent/libkrun.so.1')).toThrow(
      'Cannot read the library "/nonexistent/libkrun.so.1": no such file or directory',
    );
  });

  test('a directory', () => expect(() => loadNativeLibrary(directory)).toThrow('illegal operation on a directory'));

  test.each([
    ['text', () => 'not a library', 'it is not a shared library'],
    [
      'a library for the other machine',
      () => elf({ machine: otherMachine }),
      /it is for \w+, and this machine is \w+$/,
    ],
    ['one for an unknown machine', () => elf({ machine: 243 }), 'it is for another (number 243), and this machine'],
    ['a library that is cut off', () => elf({ machine: ownMachine, bytes: 4096 }), 'the file is cut off'],
    ['a header with nothing behind it', () => elf({ machine: ownMachine }), 'it cannot be loaded: '],
  ])('%s', (_, content, reason) => {
    const path = write(content());
    expect(() => loadNativeLibrary(path)).toThrow(reason);
    expect(() => loadNativeLibrary(path)).toThrow(`Cannot use "${path}" as `);
  });
});

describe('loadFailure() tells', () => {
  const failure = (words: string) =>
    loadFailure('/x/libkrun.so.1', new Error(`Failed to load shared library: ${words}`));

  test('the package of a library that is missing', () => {
    const error = failure('libcap-ng.so.0: cannot open shared object file: No such file or directory');
    expect(error).toMatchObject({
      code: 'MISSING_PART',
      message: 'Cannot use "/x/libkrun.so.1" as it needs "libcap-ng.so.0", which is not installed',
      hint: 'Run "apt install libcap-ng0", "dnf install libcap-ng" or "pacman -S libcap-ng", as your system has it.',
    });
  });

  test('the name of one whose package is not known', () => {
    const error = failure('libnew.so.7: cannot open shared object file: No such file or directory');
    expect(error.hint).toBe('Install the package that has "libnew.so.7".');
  });

  test('that the C library is too old', () => {
    const error = failure(
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /x/libkrun.so.1)",
    );
    expect(error.message).toBe(
      'Cannot use "/x/libkrun.so.1" as it needs GLIBC_2.99, which the libraries of this system lack',
    );
  });

  test('anything else in the words of the dynamic loader', () => {
    expect(failure('undefined symbol: krunfw_new').message).toBe(
      'Cannot use "/x/libkrun.so.1" as it cannot be loaded: undefined symbol: krunfw_new',
    );
  });
});
