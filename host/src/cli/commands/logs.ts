import { createReadStream } from 'node:fs';
import { MuvmError, reasonOf } from '@muvm/errors';
import type { Settings } from '../../config/index.ts';
import { logPaths } from '../../vm/index.ts';
import { print } from '../print.ts';
import { printable } from '../printable.ts';
import type { Ending } from '../report-error.ts';

/** Prints both logs, each under its path. What there is not is left out. */
export async function printLogs({ name }: Settings): Promise<Ending> {
  const { supervisor, console } = logPaths(name);
  const printed = [await printLog(supervisor), await printLog(console)];
  if (printed.includes(true)) return { status: 0 };
  throw new MuvmError('NOT_RUNNING', `Cannot show logs of VM "${name}" as it neither runs nor has failed`);
}

async function printLog(path: string): Promise<boolean> {
  let isFirst = true;
  try {
    for await (const piece of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      if (isFirst) await print(`==> ${path} <==\n`);
      isFirst = false;
      await print(process.stdout.isTTY ? printable(piece) : piece);
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined || code === 'ENOENT') return rethrowUnlessMissing(error, code);
    throw new MuvmError('SYSTEM', `Cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
  return !isFirst;
}

function rethrowUnlessMissing(error: unknown, code: string | undefined): false {
  if (code === 'ENOENT') return false;
  throw error;
}
