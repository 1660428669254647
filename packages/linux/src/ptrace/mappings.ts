import { closeSync, openSync, readSync } from 'node:fs';

/** One line of proc_pid_maps(5). */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  /** "rwxs", with "-" for what it has not; the last is "s" for shared and "p" for private. */
  readonly permissions: string;
  readonly offset: bigint;
  /** As st_dev of stat(2) has them. */
  readonly device: { readonly major: number; readonly minor: number };
  readonly inode: bigint;
  /** A path, a name in brackets, or nothing. */
  readonly name: string;
}

/** The kernel's default is 65,530 mappings, games have it raised to 1,048,576; a line has some 100 bytes. */
export const MAPS_BYTES_MAX = 128 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** The mappings of a process whose line has `part` in it. @throws RangeError where there are too many to look at */
export function readMappings(pid: number, tid: number, part: string): Mapping[] {
  const fd = openSync(`/proc/${pid}/task/${tid}/maps`, 'r');
  try {
    return linesWith(fd, part).map(parseMapping);
  } finally {
    closeSync(fd);
  }
}

function linesWith(fd: number, part: string): string[] {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const found: string[] = [];
  let rest = '';
  for (let total = 0; ; ) {
    const bytes = readSync(fd, chunk);
    if (bytes === 0) return found;
    total += bytes;
    if (total > MAPS_BYTES_MAX) {
      throw new RangeError(`Cannot read a list of mappings of more than ${MAPS_BYTES_MAX} bytes`);
    }
    const lines = (rest + chunk.toString('latin1', 0, bytes)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.includes(part)) found.push(line);
  }
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+)\s*(.*)$/;

export function parseMapping(line: string): Mapping {
  const [, start, end, permissions, offset, major, minor, inode, name] = LINE.exec(line) ?? [];
  if (name === undefined || permissions === undefined) throw new RangeError(`Cannot read "${line}" as a mapping`);
  const hex = (text: string | undefined) => BigInt(`0x${text}`);
  return {
    start: hex(start),
    end: hex(end),
    permissions,
    offset: hex(offset),
    device: { major: Number(hex(major)), minor: Number(hex(minor)) },
    inode: BigInt(inode as string),
    name,
  };
}
