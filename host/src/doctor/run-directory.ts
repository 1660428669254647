import { statSync } from 'node:fs';
import { join } from 'node:path';
import { checkPrivate, checkSocketPaths, runRoot } from '../vm/run-directory.ts';
import { type Finding, ok, problem } from './check.ts';
import { makingObstacle, nearestPresent } from './making-obstacle.ts';

/** Whether a machine of that name can have its run directory. @throws MuvmError RUN_DIRECTORY where it is refused */
export function checkRunDirectory(name: string, env: NodeJS.ProcessEnv): Finding {
  const root = runRoot(env);
  const directory = join(root, name);
  checkSocketPaths(directory);
  const nearest = nearestPresent(directory);
  const isThere = nearest.startsWith(root);
  if (isThere) for (const path of [root, directory]) checkPrivate(path);
  const obstacle = makingObstacle(directory);
  if (obstacle) {
    const hint = 'Set XDG_RUNTIME_DIR to a directory of yours, on a file system that can be written to.';
    return problem(`The run directory "${directory}" cannot be used: ${obstacle}`, hint);
  }
  if (!isThere) return ok(`"${directory}" can be made, as "${nearest}" can be written to`);
  const { mode, uid } = statSync(root);
  return ok(`"${root}" has mode ${(mode & 0o777).toString(8)} and owner ${uid}, and can be written to`);
}
