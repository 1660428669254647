import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scaled } from '../framework/driver.ts';
import { rssBytes } from '../framework/processes.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { compared, type Figure } from './report.ts';

const MIB = 1024 * 1024;
const CACHED_MIB = scaled(2048);
const READ_TIMEOUT_MS = 240_000;
const BACK_TIMEOUT_MS = 120_000;
const LOOK_MS = 50;
/** Of what the machine grew by, that is back when it counts as back. */
const BACK_PART = 0.8;

interface Facts {
  readonly vmmPid: number;
}

/** How much of the host's memory a guest takes that reads a large file, and how much and how soon it gives back when it drops it. */
export async function measurePageCache(sandbox: Sandbox): Promise<Figure[]> {
  const [{ vmmPid }] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as [Facts];
  const rssMib = () => (rssBytes(vmmPid) ?? 0) / MIB;
  const file = makeFile(sandbox);
  await dropCaches(sandbox);
  const emptyMib = await settled(rssMib);
  const { durationMs: readMs } = await inGuest(sandbox, ['--', 'sh', '-c', `cat '${file}' > /dev/null`]);
  const grownMib = rssMib() - emptyMib;
  const startedMs = performance.now();
  await dropCaches(sandbox);
  while (rssMib() > emptyMib + grownMib * (1 - BACK_PART) && performance.now() - startedMs < BACK_TIMEOUT_MS) {
    await sleep(LOOK_MS);
  }
  const backMs = performance.now() - startedMs;
  const shrunkMib = emptyMib + grownMib - (await settled(rssMib));
  const name = `page cache: ${CACHED_MIB} MiB`;
  return [
    { name: `${name} read, the VMM grows by`, value: grownMib, unit: 'MiB' },
    compared(
      `${name} dropped, it shrinks by`,
      shrunkMib,
      'MiB',
      { name: 'growth', value: grownMib },
      { atLeast: BACK_PART },
    ),
    compared(`${name}, until ${BACK_PART * 100} % is back`, backMs, 'ms', { name: 'reading it', value: readMs }),
  ];
}

function makeFile({ files }: Sandbox): string {
  const path = join(files, 'cached');
  const fd = openSync(path, 'w');
  const piece = Buffer.alloc(MIB, 'x');
  for (let written = 0; written < CACHED_MIB; written += 1) writeSync(fd, piece);
  closeSync(fd);
  return path;
}

const dropCaches = (sandbox: Sandbox) =>
  inGuest(sandbox, ['--privileged', '--', 'sh', '-c', 'echo 1 > /proc/sys/vm/drop_caches']);

async function inGuest(sandbox: Sandbox, words: readonly string[]) {
  const result = await runMuvm(sandbox, words, { timeoutMs: READ_TIMEOUT_MS });
  if (result.status !== 0) throw new Error(`The guest did not do it: ${result.stderr}`);
  return result;
}

/** The value once it falls no more: free pages are reported some seconds after they were freed. */
async function settled(value: () => number): Promise<number> {
  const STILL_LOOKS = 100;
  let lowest = value();
  for (let still = 0; still < STILL_LOOKS; still += 1) {
    await sleep(LOOK_MS);
    if (value() >= lowest - 1) continue;
    lowest = value();
    still = 0;
  }
  return lowest;
}
