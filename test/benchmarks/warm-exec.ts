import { execFileSync } from 'node:child_process';
import { muvmCommand } from '../framework/run-muvm.ts';
import { sampleInTurns } from './budget.ts';
import { compared, type Figure, figure } from './figure.ts';
import type { PartContext } from './part.ts';
import { type Command, timeCommand } from './time-command.ts';

const ROUNDS = { atLeast: 3, atMost: 25 };
const RATIO_MAX = 3.5;
const SSH = ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=2', 'localhost', 'true'];

function isSshThere(): boolean {
  try {
    execFileSync(SSH[0] as string, SSH.slice(1), { stdio: 'ignore', timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}

/** A command in a running VM, and the client alone, beside an idle Node and ssh. */
export async function measureWarmExec({ budget, sandbox: { env } }: PartContext): Promise<Figure[]> {
  const commands: Record<string, Command> = {
    node: { words: [process.execPath, '-e', '0'] },
    version: { words: muvmCommand(['--version']), env },
    exec: { words: muvmCommand(['--', '/bin/true']), env },
    ...(isSshThere() ? { ssh: { words: SSH } } : {}),
  };
  for (const command of Object.values(commands)) await timeCommand(command);
  const takes = Object.entries(commands).map(([name, command]) => [name, () => timeCommand(command)] as const);
  const times = await sampleInTurns(budget, ROUNDS, Object.fromEntries(takes));
  const time = (name: string) => times[name] as number[];
  const node = { name: 'node -e 0', samples: time('node') };
  const ssh = { name: 'ssh localhost true', samples: times['ssh'] };
  return [
    figure(node.name, 'ms', node.samples),
    compared('client: muvm --version', 'ms', time('version'), node),
    compared('warm exec: muvm -- /bin/true', 'ms', time('exec'), node, { atMost: RATIO_MAX }),
    ...(ssh.samples ? [compared('warm exec', 'ms', time('exec'), { name: ssh.name, samples: ssh.samples })] : []),
  ];
}
