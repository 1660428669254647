import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TEST_DRIVER } from '../framework/driver.ts';
import { rssBytes } from '../framework/processes.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { repeat } from './budget.ts';
import { compared, type Figure, figure } from './figure.ts';
import type { PartContext } from './part.ts';
import { readVmStatus } from './vm-status.ts';

const MIB = 1024 * 1024;
// Free fragments that the guest has not returned take in some of the pages, so fewer would not be seen.
const CACHED_MIB = TEST_DRIVER === 'libkrun' ? 160 : 320;
const ROUNDS = { atLeast: 1, atMost: 3 };
const READ_TIMEOUT_MS = 60_000;
const BACK_TIMEOUT_MS = 30_000;
const SETTLE_TIMEOUT_MS = 20_000;
const LOOK_MS = 50;
/** The guest's kernel reports free pages two seconds after they were freed. */
const STILL_MS = 3000;
/** The share of the growth that counts as returned. */
const BACK_PART = 0.8;
/** The share of the file by which the VMM must grow for a meaningful figure. */
const GROWTH_PART_MIN = 0.25;

interface Round {
  readonly grownMib: number;
  readonly shrunkMib: number;
  readonly readMs: number;
  readonly backMs: number;
}

/** How much of the host's memory a guest takes to read a large file, and how much it returns, how soon, after it drops the pages. */
export async function measurePageCache(context: PartContext): Promise<Figure[]> {
  const { budget, sandbox } = context;
  const { vmmPid } = await readVmStatus(sandbox);
  const rssMib = () => (rssBytes(vmmPid) ?? 0) / MIB;
  const file = makeFile(sandbox);
  const rounds = await repeat(budget, ROUNDS, () => growAndShrink(context, file, rssMib));
  rmSync(file);
  const all = (key: keyof Round) => rounds.map((round) => round[key]);
  const name = `page cache: ${CACHED_MIB} MiB`;
  const growth = { name: 'growth', samples: all('grownMib') };
  const reading = { name: 'reading it', samples: all('readMs') };
  return [
    figure(`${name} read, the VMM grows by`, 'MiB', all('grownMib')),
    compared(`${name} dropped, it shrinks by`, 'MiB', all('shrunkMib'), growth, { atLeast: BACK_PART }),
    compared(`${name}, until ${BACK_PART * 100} % is back`, 'ms', all('backMs'), reading),
  ];
}

async function growAndShrink(
  { sandbox, budget: { signal } }: PartContext,
  file: string,
  rssMib: () => number,
): Promise<Round> {
  await dropCaches(sandbox);
  const emptyMib = await settled(rssMib, signal);
  const { durationMs: readMs } = await inGuest(sandbox, ['--', 'sh', '-c', `cat '${file}' > /dev/null`]);
  const grownMib = rssMib() - emptyMib;
  if (grownMib < CACHED_MIB * GROWTH_PART_MIN) {
    throw new Error(`Cannot measure what the guest returns: the VMM grew by only ${grownMib.toFixed(1)} MiB`);
  }
  const startedMs = performance.now();
  await dropCaches(sandbox);
  while (rssMib() > emptyMib + grownMib * (1 - BACK_PART) && performance.now() - startedMs < BACK_TIMEOUT_MS) {
    await sleep(LOOK_MS, undefined, { signal });
  }
  const backMs = performance.now() - startedMs;
  const shrunkMib = emptyMib + grownMib - (await settled(rssMib, signal));
  return { grownMib, shrunkMib, readMs, backMs };
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
  if (result.status !== 0) throw new Error(`Cannot run "${words.join(' ')}" in the guest: ${result.stderr}`);
  return result;
}

/** The value once it no longer falls. */
async function settled(value: () => number, signal: AbortSignal): Promise<number> {
  const latestMs = performance.now() + SETTLE_TIMEOUT_MS;
  let lowest = value();
  let stillSinceMs = performance.now();
  while (performance.now() - stillSinceMs < STILL_MS && performance.now() < latestMs) {
    await sleep(LOOK_MS, undefined, { signal });
    if (value() >= lowest - 1) continue;
    lowest = value();
    stillSinceMs = performance.now();
  }
  return lowest;
}
