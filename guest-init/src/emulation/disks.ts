import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskSerial } from '@muvm/protocol/contract';

const BLOCK_DEVICES = '/sys/block';

/**
 * The device nodes of the first disks, by their serial numbers where the machine gives them one, else in the order of
 * their names.
 *
 * @throws RangeError where there are fewer
 */
export function findDisks(count: number, directory = BLOCK_DEVICES): string[] {
  const names = virtioDisks(directory);
  if (names.length < count) {
    throw new RangeError(`Cannot find ${count} disks as the machine has ${names.length}`);
  }
  const bySerial = new Map(names.map((name) => [serialOf(join(directory, name)), name]));
  return Array.from({ length: count }, (_, index) => `/dev/${bySerial.get(diskSerial(index)) ?? names[index]}`);
}

/** `vda` to `vdz`, then `vdaa` and so on. */
function virtioDisks(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => /^vd[a-z]+$/.test(name));
  return names.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
}

function serialOf(directory: string): string {
  try {
    return readFileSync(join(directory, 'serial'), 'latin1').trim();
  } catch {
    return '';
  }
}
