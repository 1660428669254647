import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { reasonOf } from '@muvm/errors';
import { systemError } from '@muvm/linux';
import { EXIT_STATUS } from '@muvm/protocol/contract';
import { Refusal, refusalOfProgram } from './refusal.ts';

/**
 * Finds what execve(2) is to run, by the rules of execvp(3), with the rights of the calling thread. Asked before the
 * start so that a refusal can tell what is wrong.
 *
 * @returns a path that is absolute, or relative to `workdir`
 * @throws Refusal 127 where there is none, 126 where it cannot be executed
 */
export function findProgram(name: string, path: string, workdir: string): string {
  if (name.includes('/')) {
    checkProgram(name, name, workdir);
    return name;
  }
  let denied: Refusal | undefined;
  for (const directory of path.split(':')) {
    const candidate = `${directory === '' ? '.' : directory}/${name}`;
    try {
      checkProgram(name, candidate, workdir);
      return candidate;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.reply.status !== EXIT_STATUS.notFound) denied ??= error;
    }
  }
  throw denied ?? new Refusal(EXIT_STATUS.notFound, `Cannot run "${name}": command not found`, pathHint(path));
}

/** @throws Refusal 125 where a command cannot be in this directory */
export function checkWorkdir(workdir: string): void {
  try {
    if (!statSync(workdir).isDirectory()) throw systemError('chdir', ENOTDIR, workdir);
    accessSync(workdir, constants.X_OK);
  } catch (error) {
    const message = `Cannot use "${workdir}" as the working directory: ${reasonOf(error)}`;
    throw new Refusal(EXIT_STATUS.muvmFailed, message);
  }
}

// errno(3)
const ENOTDIR = 20;

/** @throws Refusal; a directory that cannot be searched holds nothing for us, as shells have it */
function checkProgram(name: string, candidate: string, workdir: string): void {
  const file = candidate.startsWith('/') ? candidate : `${workdir}/${candidate}`;
  let found: Stats;
  try {
    found = statSync(file);
  } catch (error) {
    if (name !== candidate) throw new Refusal(EXIT_STATUS.notFound, `Cannot run "${name}": ${reasonOf(error)}`);
    throw refusalOfProgram(name, error);
  }
  if (found.isDirectory()) throw new Refusal(EXIT_STATUS.notExecutable, `Cannot run "${name}": it is a directory`);
  try {
    accessSync(file, constants.X_OK);
  } catch (error) {
    throw refusalOfProgram(name, error);
  }
}

function pathHint(path: string): string {
  return `These directories were searched: ${path.split(':').join(', ')}.`;
}
