import type { Interpreter } from '@muvm/protocol/contract';
import { headerPattern } from './elf-header.ts';

/** What may stand between the fields of a rule. It is no character of escapes, flags or names. */
const DELIMITERS = [':', '|', '!', ';', ',', '%'];

/**
 * The line that makes a rule of binfmt_misc. The interpreter is the one field that may hold the delimiter, so another one
 * is taken where it does.
 *
 * Source: Documentation/admin-guide/binfmt-misc.rst of the kernel.
 *
 * @throws RangeError where the path holds all of {@link DELIMITERS}, or a line break
 */
export function renderBinfmtRule({ name, architecture, path, flags }: Interpreter): string {
  const delimiter = DELIMITERS.find((each) => !path.includes(each));
  if (delimiter === undefined || path.includes('\n')) {
    throw new RangeError(`Cannot use ${JSON.stringify(path)} as an interpreter as it must be a plainer path`);
  }
  const { magic, mask } = headerPattern(architecture);
  return ['', name, 'M', '0', escaped(magic), escaped(mask), path, flags].join(delimiter);
}

function escaped(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
