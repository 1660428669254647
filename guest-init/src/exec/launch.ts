import { constants } from 'node:os';
import { runAs, type SpawnRequest, spawnProcess } from '@muvm/linux';
import type { Start } from '@muvm/protocol/contract';
import type { Account } from './account.ts';
import { commandEnvironment } from './environment.ts';
import { checkWorkdir, findProgram, guessProgram } from './find-program.ts';
import { refusalOfProgram } from './refusal.ts';
import { openStdio, type Stdio } from './stdio.ts';

export interface Launched {
  /** Also the id of the command's session and of its process group. */
  readonly pid: number;
  readonly stdio: Stdio;
}

/** Starts a command with the rights of its account. @throws Refusal */
export function launch(start: Start, account: Account, consoleFd: number): Launched {
  return runAs(account, () => {
    const stdio = openStdioOrRefuse(start, consoleFd);
    try {
      return { pid: spawnCommand(start, account, stdio.child), stdio };
    } catch (error) {
      stdio.close();
      throw error;
    } finally {
      stdio.closeChildEnds();
    }
  });
}

function openStdioOrRefuse(start: Start, consoleFd: number): Stdio {
  try {
    return openStdio(start, consoleFd);
  } catch (error) {
    throw refusalOfProgram(nameOf(start), error);
  }
}

/** Looks closely only where the first attempt fails: most do not, and each look is a question to the host. */
function spawnCommand(start: Start, account: Account, stdio: Stdio['child']): number {
  const { argv, workdir } = start;
  const env = commandEnvironment(start.env, account, start.terminal !== undefined);
  const path = env['PATH'] ?? '';
  const guess = guessProgram(nameOf(start), path, workdir);
  const request = { argv, env, workdir, stdio };
  try {
    if (guess !== undefined) return spawnOrInterpret({ ...request, path: guess });
  } catch {
    // The close look below tells why, or does better.
  }
  checkWorkdir(workdir);
  const found = findProgram(nameOf(start), path, workdir);
  try {
    return spawnOrInterpret({ ...request, path: found });
  } catch (error) {
    throw refusalOfProgram(nameOf(start), error);
  }
}

function nameOf({ argv }: Start): string {
  return argv[0] ?? '';
}

/** A text without a first line "#!" is a script of the shell, as execvp(3) has it. */
function spawnOrInterpret(request: SpawnRequest): number {
  try {
    return spawnProcess(request);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).errno !== -constants.errno.ENOEXEC) throw error;
    const argv = ['sh', request.path, ...request.argv.slice(1)];
    return spawnProcess({ ...request, path: '/bin/sh', argv });
  }
}
