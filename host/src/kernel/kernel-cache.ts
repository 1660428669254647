import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { toMuvmError } from '@muvm/errors';
import { type RawKernel, renderPvhHeader } from './pvh-elf.ts';

/** What QEMU boots: an ELF file with a PVH note on x86-64, the bare image on aarch64. */
const FORMS = {
  x64: { name: 'pvh-1.elf', parts: (kernel: RawKernel) => [renderPvhHeader(kernel), kernel.image] },
  arm64: { name: 'image-1', parts: (kernel: RawKernel) => [kernel.image] },
} as const;

/** `$XDG_CACHE_HOME/muvm`, else `~/.cache/muvm`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'];
  return join(cache && isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'muvm');
}

/**
 * The guest kernel of a libkrunfw as a file that QEMU boots, made on first use and kept in the cache.
 *
 * @param readKernel reads the kernel out of the library; called only where the cache lacks it
 * @throws MuvmError MISSING_PART where the library holds no kernel we can boot, RUN_DIRECTORY where the cache cannot be written
 */
export function kernelFile(
  libraryPath: string,
  readKernel: (path: string) => RawKernel,
  directory = cacheDirectory(),
): string {
  const form = process.arch === 'arm64' ? FORMS.arm64 : FORMS.x64;
  // Named by what it is made of: the bytes of the library, and the form this code gives them.
  const path = join(directory, `kernel-${contentHash(libraryPath, directory)}-${form.name}`);
  if (existsSync(path)) return path;
  const parts = kernelParts(libraryPath, readKernel, form.parts);
  try {
    writeWhole(path, parts);
  } catch (error) {
    const hint = 'Free some space there, or set XDG_CACHE_HOME to another directory.';
    throw toMuvmError(error, 'RUN_DIRECTORY', `Cannot write the guest kernel to "${path}"`, hint);
  }
  return path;
}

function kernelParts(
  libraryPath: string,
  readKernel: (path: string) => RawKernel,
  render: (kernel: RawKernel) => readonly Buffer[],
): readonly Buffer[] {
  try {
    return render(readKernel(libraryPath));
  } catch (error) {
    const hint = 'Install libkrunfw 5 for this machine with the package manager of your system.';
    throw toMuvmError(error, 'MISSING_PART', `Cannot read a guest kernel from "${libraryPath}"`, hint);
  }
}

/**
 * SHA-256 of a file, remembered by the file's identity: hashing 20 MB at every start would cost 60 ms.
 */
function contentHash(path: string, directory: string): string {
  const stat = statSync(path, { bigint: true });
  const identity = `${stat.dev}-${stat.ino}-${stat.size}-${stat.mtimeNs}-${stat.ctimeNs}`;
  const memo = join(directory, `hash-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`);
  const known = existsSync(memo) ? readFileSync(memo, 'utf8') : '';
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  try {
    writeWhole(memo, [Buffer.from(hash)]);
  } catch {
    // A cache that cannot be written costs the next start some time; if the kernel is missing too, that is told there.
  }
  return hash;
}

/** Writes a file so that it is there whole or not at all, whoever else writes it in the same instant. */
function writeWhole(path: string, parts: readonly Buffer[]): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const fd = openSync(temporary, 'w', 0o600);
    try {
      for (const part of parts) writeAll(fd, part);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
