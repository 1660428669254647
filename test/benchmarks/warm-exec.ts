import { execFileSync } from 'node:child_process';
import { scaled } from '../framework/driver.ts';
import { muvmCommand } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { type Command, timeInTurns } from './measure.ts';
import { compared, type Figure } from './report.ts';

const ROUNDS = scaled(25);
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

/** A command in a machine that runs, and the client alone, beside a Node that does nothing and beside ssh. */
export async function measureWarmExec({ env }: Sandbox): Promise<Figure[]> {
  const commands: Record<string, Command> = {
    node: { words: [process.execPath, '-e', '0'] },
    version: { words: muvmCommand(['--version']), env },
    exec: { words: muvmCommand(['--', '/bin/true']), env },
    ...(isSshThere() ? { ssh: { words: SSH } } : {}),
  };
  const times = await timeInTurns(commands, ROUNDS);
  const time = (name: string) => times[name] as number;
  const node = { name: 'node -e 0', value: time('node') };
  return [
    { name: 'node -e 0', value: node.value, unit: 'ms' },
    compared('client: muvm --version', time('version'), 'ms', node),
    compared('warm exec: muvm -- /bin/true', time('exec'), 'ms', node, { atMost: RATIO_MAX }),
    ...(commands['ssh']
      ? [compared('warm exec', time('exec'), 'ms', { name: 'ssh localhost true', value: time('ssh') })]
      : []),
  ];
}
