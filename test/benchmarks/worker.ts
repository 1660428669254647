/**
 * Measures parts for one target, one after the other, and reports each on standard output (see events.ts). On SIGTERM, or when
 * nobody reads the reports any more, it stops the VM, removes the sandbox and exits.
 *
 *     node worker.cjs --list                 prints the parts and their targets as JSON
 *     node worker.cjs BUDGET_MS PART…        MUVM_TEST_VMM names the driver, for parts that have a VM
 */
import { cpus, release } from 'node:os';
import { createBudget } from './budget.ts';
import { formatEvent, type WorkerEvent } from './events.ts';
import { type Part, PartUnavailable } from './part.ts';
import { PARTS } from './parts.ts';
import { openSession, type Session } from './session.ts';

const UNWIND_TIMEOUT_MS = 15_000;
const STATUS_INTERRUPTED = 143;

class Interrupted extends Error {}

const report = (event: WorkerEvent) => process.stdout.write(formatEvent(event));
const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Never throws: an error of the part is its result. */
async function runPart(part: Part, session: Session, budgetMs: number, signal: AbortSignal): Promise<void> {
  const { name } = part;
  const notes: string[] = [];
  try {
    await session.prepare(part.vm);
    report({ kind: 'begin', part: name });
    const budget = createBudget(budgetMs, { signal });
    const figures = await part.measure({ sandbox: session.sandbox, budget, note: (text) => notes.push(text) });
    signal.throwIfAborted();
    report({ kind: 'measured', part: name, figures, notes });
  } catch (error) {
    if (signal.reason instanceof Interrupted) return;
    report({
      kind: error instanceof PartUnavailable ? 'unavailable' : 'failed',
      part: name,
      reason: sentence(signal.reason ?? error),
    });
    // The next part starts with a VM that this one has not touched.
    if (part.vm !== 'none') await session.stop();
  }
}

async function runParts(names: readonly string[], budgetMs: number, signal: AbortSignal): Promise<void> {
  const parts = PARTS.filter(({ name }) => names.includes(name));
  const environment = { kernel: release(), cpuCount: cpus().length };
  report({ kind: 'environment', environment });
  await using session = openSession((acceleration) =>
    report({ kind: 'environment', environment: { ...environment, acceleration } }),
  );
  // A part that waits for the VM fails at once.
  signal.addEventListener('abort', () => void session.stop());
  for (const part of parts) {
    if (signal.aborted) return;
    const run = runPart(part, session, budgetMs, signal);
    await Promise.race([run, abortedFor(signal, UNWIND_TIMEOUT_MS)]);
  }
}

/** Settles some time after the signal, in which an interrupted part ends what it has started. */
function abortedFor(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, ms)));
}

async function main([first, ...names]: readonly string[]): Promise<number> {
  if (first === '--list') {
    process.stdout.write(`${JSON.stringify(PARTS.map(({ name, targets }) => ({ name, targets })))}\n`);
    return 0;
  }
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Interrupted('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  process.stdout.on('error', interrupt);
  // Such as a rejection that a part does not handle: the VM is stopped before the worker exits.
  process.on('uncaughtException', (error) => interruption.abort(error));
  await runParts(names, Number(first), interruption.signal);
  const { aborted, reason } = interruption.signal;
  if (aborted && !(reason instanceof Interrupted)) throw reason;
  return aborted ? STATUS_INTERRUPTED : 0;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
