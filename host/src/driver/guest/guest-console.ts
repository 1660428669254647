import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { VM_FILES } from '../../vm/run-directory.ts';
import type { DriverContext } from '../driver.ts';
import { openConsoleLog } from './console-log.ts';
import { type GuestEnding, noteGuestEnding } from './guest-ending.ts';

/** What the guest says on its console. Disposal closes the log: to be made before the machine, so that it ends after. */
export interface GuestConsole extends Disposable {
  /** What it told about its end. */
  readonly ending: GuestEnding;
  /** Takes the stream that the machine writes the console to. */
  read(stream: Readable): void;
}

/** Keeps the console in the log of the run directory, and reads the reason for the guest's end out of it. */
export function openGuestConsole({
  directory,
  onConsole,
}: Pick<DriverContext, 'directory' | 'onConsole'>): GuestConsole {
  const ending: GuestEnding = { sentence: undefined };
  const log = openConsoleLog(join(directory, VM_FILES.consoleLog), (line) => noteGuestEnding(ending, line));
  return {
    ending,
    read(stream) {
      stream.on('error', () => {});
      stream.on('data', (chunk: Buffer) => {
        log.write(chunk);
        onConsole(chunk);
      });
    },
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}
