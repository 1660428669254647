/**
 * Measures one driver and writes what it found as JSON, with a ratio beside every time.
 *
 *     node main.cjs [PART…]     all parts, or those that are named, in their order
 */
import { TEST_DRIVER } from '../framework/driver.ts';
import { expectNothingLeft } from '../framework/nothing-left.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import { createSandbox, type Sandbox } from '../framework/sandbox.ts';
import { measureColdStart } from './cold-start.ts';
import { measureFences } from './fences.ts';
import { measureIdleMemory } from './idle-memory.ts';
import { measureNetwork } from './network.ts';
import { measurePageCache } from './page-cache.ts';
import { type Figure, writeReport } from './report.ts';
import { benchPortArguments, measureThroughput } from './throughput.ts';
import { measureWarmExec } from './warm-exec.ts';

/** What is measured on one machine that runs. */
const WARM_PARTS: Readonly<Record<string, (sandbox: Sandbox) => Promise<Figure[]>>> = {
  'warm exec': measureWarmExec,
  throughput: measureThroughput,
  network: measureNetwork,
  memory: measureIdleMemory,
  'page cache': measurePageCache,
  fences: measureFences,
};
const COLD_START = 'cold start';

const say = (text: string) => process.stderr.write(`bench: ${TEST_DRIVER}: ${text}\n`);

async function main(wished: readonly string[]): Promise<void> {
  using sandbox = createSandbox();
  const parts = [COLD_START, ...Object.keys(WARM_PARTS)];
  const unknown = wished.find((part) => !parts.includes(part));
  if (unknown) throw new Error(`Cannot measure "${unknown}" as it must be one of ${parts.join(', ')}`);
  const isWished = (part: string) => wished.length === 0 || wished.includes(part);
  if (isWished(COLD_START)) say(COLD_START);
  const cold = isWished(COLD_START) ? await measureColdStart(sandbox) : [];
  const acceleration = await startWarm(sandbox);
  const warm: Figure[] = [];
  for (const [part, measure] of Object.entries(WARM_PARTS).filter(([name]) => isWished(name))) {
    say(part);
    warm.push(...(await measure(sandbox)));
  }
  await runMuvm(sandbox, ['--stop']);
  await expectNothingLeft(sandbox);
  writeReport([...cold, ...warm], { driver: TEST_DRIVER, acceleration });
}

/** @returns how the machine's processor is run */
async function startWarm(sandbox: Sandbox): Promise<string> {
  const { status, stderr } = await runMuvm(sandbox, ['--linger', '600', '--', 'true'], {
    env: TEST_DRIVER === 'qemu' ? { MUVM_DEBUG_QEMU_ARGS: benchPortArguments(sandbox) } : {},
    timeoutMs: 120_000,
  });
  if (status !== 0) throw new Error(`The machine did not start: ${stderr}`);
  const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as [{ acceleration: string }];
  return facts.acceleration;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
