import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RESULTS } from './repository.ts';
import type { Sandbox } from './sandbox.ts';
import { until } from './until.ts';

// The clients of a machine that fails hear of it before its logs are put aside.
const WAIT_MS = 2000;

let count = 0;

/**
 * Copies the logs of the machines of a sandbox that failed to test/results/logs, for people to look at after the run. The
 * next failure of a machine of that name would overwrite them.
 */
export async function keepLogs({ directory, runRoot, env }: Sandbox): Promise<void> {
  await until(() => !existsSync(runRoot), WAIT_MS);
  const logs = join(env['XDG_STATE_HOME'] as string, 'muvm');
  if (!existsSync(logs)) return;
  count += 1;
  cpSync(logs, join(RESULTS, 'logs', `${basename(directory)}-${count}`), { recursive: true });
}
