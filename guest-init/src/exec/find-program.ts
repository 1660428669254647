import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { reasonOf } from '@muvm/errors';
import { systemError } from '@muvm/linux';
import { EXIT_STATUS } from '@muvm/protocol/contract';
import { Refusal, refusalOfProgram } from './refusal.ts';

/**
 * Where execvp(3) would look for a program first with success, with the rights of the calling thread: absolute, or
 * relative to `workdir`. A guess that costs little; {@link findProgram} knows better.
 */
export function guessProgram(name: string, path: string, workdir: string): string | undefined {
  return name.includes('/')
    ? name
    : candidates(name, path).find((candidate) => isExecutable(inDirectory(candidate, workdir)));
}

/**
 * The same without a doubt, for when the guess could not be run.
 *
 * @throws Refusal 127 where there is none, 126 where it cannot be executed
 */
export function findProgram(name: string, path: string, workdir: string): string {
  if (name.includes('/')) {
    checkProgram(name, inDirectory(name, workdir));
    return name;
  }
  let denied: Refusal | undefined;
  for (const candidate of candidates(name, path)) {
    try {
      // A directory that cannot be searched holds nothing for us, as shells have it.
      if (statSync(inDirectory(candidate, workdir), { throwIfNoEntry: false }) === undefined) continue;
    } catch {
      continue;
    }
    try {
      checkProgram(name, inDirectory(candidate, workdir));
      return candidate;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      denied ??= error;
    }
  }
  throw denied ?? new Refusal(EXIT_STATUS.notFound, `Cannot run "${name}": command not found`, pathHint(path));
}

/** @throws Refusal 125 where a command cannot be in this directory */
export function checkWorkdir(workdir: string): void {
  try {
    if (!statSync(workdir).isDirectory()) throw systemError('chdir', osConstants.errno.ENOTDIR, workdir);
    accessSync(workdir, constants.X_OK);
  } catch (error) {
    const message = `Cannot use "${workdir}" as the working directory: ${reasonOf(error)}`;
    throw new Refusal(EXIT_STATUS.muvmFailed, message, hintFor(error));
  }
}

/** What the host has in the places of the guest's own is not here, see mounts/table.ts. */
function hintFor(error: unknown): string {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissing ? "Name another with -w; /run, /dev, /proc, /sys and /tmp/.X11-unix are the guest's own." : '';
}

function candidates(name: string, path: string): string[] {
  return path.split(':').map((directory) => `${directory === '' ? '.' : directory}/${name}`);
}

function inDirectory(file: string, workdir: string): string {
  return file.startsWith('/') ? file : `${workdir}/${file}`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function checkProgram(name: string, file: string): void {
  let found: Stats;
  try {
    found = statSync(file);
    if (!found.isDirectory()) accessSync(file, constants.X_OK);
  } catch (error) {
    throw refusalOfProgram(name, error);
  }
  if (found.isDirectory()) throw new Refusal(EXIT_STATUS.notExecutable, `Cannot run "${name}": it is a directory`);
}

function pathHint(path: string): string {
  return `These directories were searched: ${path.split(':').join(', ')}.`;
}
