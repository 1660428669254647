/** Measures one driver and writes what it found as JSON, with a ratio beside every time. */
import { TEST_DRIVER } from '../framework/driver.ts';
import { expectNothingLeft } from '../framework/nothing-left.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import { createSandbox } from '../framework/sandbox.ts';
import { measureColdStart } from './cold-start.ts';
import { measureIdleMemory } from './idle-memory.ts';
import { measurePageCache } from './page-cache.ts';
import { writeReport } from './report.ts';
import { benchPortArguments, measureThroughput } from './throughput.ts';
import { measureWarmExec } from './warm-exec.ts';

async function main(): Promise<void> {
  using sandbox = createSandbox();
  const say = (text: string) => process.stderr.write(`bench: ${TEST_DRIVER}: ${text}\n`);
  say('cold start');
  const { figures: cold, acceleration } = await measureColdStart(sandbox);
  const { status, stderr } = await runMuvm(sandbox, ['--linger', '600', '--', 'true'], {
    env: TEST_DRIVER === 'qemu' ? { MUVM_DEBUG_QEMU_ARGS: benchPortArguments(sandbox) } : {},
    timeoutMs: 120_000,
  });
  if (status !== 0) throw new Error(`The machine did not start: ${stderr}`);
  say('warm exec');
  const warm = await measureWarmExec(sandbox);
  say('memory');
  const memory = await measureIdleMemory(sandbox);
  say('page cache');
  const pageCache = await measurePageCache(sandbox);
  say('throughput');
  const throughput = await measureThroughput(sandbox);
  await runMuvm(sandbox, ['--stop']);
  await expectNothingLeft(sandbox);
  const figures = [...cold, ...warm, ...throughput, ...memory, ...pageCache];
  writeReport(figures, { driver: TEST_DRIVER, acceleration });
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
