import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { writeWhole } from './write-whole.ts';

export interface RememberOptions {
  /** What is asked, such as `sha256`; a part of a file name. */
  readonly question: string;
  /** An answer that does not match is asked for again. */
  readonly shape: RegExp;
  readonly directory?: string;
}

/**
 * An answer about a file, kept for as long as the file is the same one and unchanged.
 *
 * @throws a system error where the file is not there; whatever `ask` throws
 */
export async function remember(
  path: string,
  { question, shape, directory = cacheDirectory() }: RememberOptions,
  ask: () => string | Promise<string>,
): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const identity = createHash('sha256').update([dev, ino, size, mtimeNs, ctimeNs].join(' ')).digest('hex');
  const memo = join(directory, `${question}-${identity.slice(0, 32)}`);
  const known = read(memo);
  if (shape.test(known)) return known;
  const answer = await ask();
  try {
    writeWhole(memo, [Buffer.from(answer)]);
  } catch {
    // A cache that cannot be written costs the next start some time, and nothing else.
  }
  return answer;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
