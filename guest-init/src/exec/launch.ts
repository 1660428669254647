import { constants } from 'node:os';
import { runAs, spawnProcess } from '@muvm/linux';
import type { Start } from '@muvm/protocol/contract';
import type { Account } from './account.ts';
import { commandEnvironment } from './environment.ts';
import { checkWorkdir, findProgram } from './find-program.ts';
import { refusalOfProgram } from './refusal.ts';
import { openStdio, type Stdio } from './stdio.ts';

export interface Launched {
  /** Also the id of the command's session and of its process group. */
  readonly pid: number;
  readonly stdio: Stdio;
}

/** Starts a command with the rights of its account. @throws Refusal */
export function launch(start: Start, account: Account, consoleFd: number): Launched {
  const env = commandEnvironment(start.env, account, start.terminal !== undefined);
  const name = start.argv[0] as string;
  return runAs(account, () => {
    checkWorkdir(start.workdir);
    const path = findProgram(name, env['PATH'] ?? '', start.workdir);
    const stdio = openStdioOrRefuse(name, start, consoleFd);
    try {
      const pid = spawnOrInterpret({ path, argv: start.argv, env, workdir: start.workdir, stdio: stdio.child });
      stdio.closeChildEnds();
      return { pid, stdio };
    } catch (error) {
      stdio.closeChildEnds();
      stdio.close();
      throw refusalOfProgram(name, error);
    }
  });
}

function openStdioOrRefuse(name: string, start: Start, consoleFd: number): Stdio {
  try {
    return openStdio(start, consoleFd);
  } catch (error) {
    throw refusalOfProgram(name, error);
  }
}

/** A text without a first line "#!" is a script of the shell, as execvp(3) has it. */
function spawnOrInterpret(request: Parameters<typeof spawnProcess>[0]): number {
  try {
    return spawnProcess(request);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).errno !== -constants.errno.ENOEXEC) throw error;
    const argv = ['sh', request.path, ...request.argv.slice(1)];
    return spawnProcess({ ...request, path: '/bin/sh', argv });
  }
}
