import { setTimeout as sleep } from 'node:timers/promises';
import { muvmProcesses, pssBytes, rssBytes } from '../framework/processes.ts';
import { startMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { repeat } from './budget.ts';
import { type Figure, figure } from './figure.ts';
import type { PartContext } from './part.ts';
import { readVmStatus } from './vm-status.ts';

const MIB = 1024 * 1024;
const ROUNDS = { atLeast: 2, atMost: 3 };
const PAUSE_MS = 500;

/** What an idle VM keeps in memory on the host, process by process, and its agent in the guest. */
export async function measureIdleMemory({ budget, sandbox }: PartContext): Promise<Figure[]> {
  const client = startMuvm(sandbox, ['--', 'sh', '-c', 'echo up; exec sleep 600'], { timeoutMs: 600_000 });
  try {
    await client.untilOutput('up');
    const rounds = await repeat(budget, ROUNDS, async () => {
      await sleep(PAUSE_MS, undefined, { signal: budget.signal });
      return readMemoryMib(sandbox, client.pid);
    });
    const names = Object.keys(rounds[0] ?? {}).filter((name) => rounds.every((round) => round[name] !== undefined));
    return names.map((name) =>
      figure(
        `memory: ${name}`,
        'MiB',
        rounds.map((round) => round[name] as number),
      ),
    );
  } finally {
    client.kill('SIGKILL');
    await client.result;
  }
}

async function readMemoryMib(sandbox: Sandbox, clientPid: number): Promise<Record<string, number | undefined>> {
  const facts = await readVmStatus(sandbox);
  const janitor = muvmProcesses(sandbox.directory).find(({ commandLine }) => commandLine.includes('muvm-janitor'));
  const pids: Record<string, number | undefined> = {
    client: clientPid,
    supervisor: facts.supervisorPid,
    janitor: janitor?.pid,
    VMM: facts.vmmPid,
    ...facts.helperPids,
  };
  const ofProcesses = Object.entries(pids).map(([name, pid]) => {
    const bytes = pid === undefined ? undefined : (pssBytes(pid) ?? rssBytes(pid));
    return [name, bytes === undefined ? undefined : bytes / MIB] as const;
  });
  return { ...Object.fromEntries(ofProcesses), 'agent, in the guest': facts.agentRssBytes / MIB };
}
