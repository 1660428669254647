import { muvmProcesses, pssBytes, rssBytes } from '../framework/processes.ts';
import { runMuvm, startMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import type { Figure } from './report.ts';

const MIB = 1024 * 1024;

interface Facts {
  readonly supervisorPid: number;
  readonly vmmPid: number;
  readonly helperPids: Readonly<Record<string, number>>;
  readonly agentRssBytes: number;
}

/** What a machine that does nothing keeps in memory on the host, process by process, and its agent in the guest. */
export async function measureIdleMemory(sandbox: Sandbox): Promise<Figure[]> {
  const client = startMuvm(sandbox, ['--', 'sh', '-c', 'echo up; exec sleep 30']);
  await client.untilOutput('up');
  const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as [Facts];
  const janitor = muvmProcesses(sandbox.directory).find(({ commandLine }) => commandLine.includes('muvm-janitor'));
  const pids: Record<string, number | undefined> = {
    client: client.pid,
    supervisor: facts.supervisorPid,
    janitor: janitor?.pid,
    machine: facts.vmmPid,
    ...facts.helperPids,
  };
  const figures = Object.entries(pids).flatMap(([name, pid]) => {
    const bytes = pid === undefined ? undefined : (pssBytes(pid) ?? rssBytes(pid));
    return bytes === undefined ? [] : [{ name: `memory: ${name}`, value: bytes / MIB, unit: 'MiB' as const }];
  });
  client.kill('SIGKILL');
  await client.result;
  return [...figures, { name: 'memory: agent, in the guest', value: facts.agentRssBytes / MIB, unit: 'MiB' }];
}
