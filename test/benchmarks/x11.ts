/**
 * X clients on one Xvfb: directly, through the bridge of each mode, and through what else brings them there. No machine is
 * started. Writes test/results/bench-x11.json and prints a table.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../framework/has-program.ts';
import { RESULTS } from '../framework/repository.ts';
import { startXServer } from '../framework/x-server.ts';
import { openRoutes } from './x11/routes.ts';
import { TASKS } from './x11/tasks.ts';
import { renderX11Table, type X11Row } from './x11/x11-table.ts';

const say = (text: string) => process.stderr.write(`bench: x11: ${text}\n`);

async function main(): Promise<void> {
  const missing = ['Xvfb', 'x11perf'].filter((program) => !hasProgram(program));
  if (missing.length > 0) {
    say(`not measured, as there is no ${missing.join(', ')}`);
    return;
  }
  await using server = await startXServer();
  await using routes = await openRoutes(server);
  for (const [name, reason] of Object.entries(routes.obstacles)) say(`without ${name}: ${reason}`);
  const rows: X11Row[] = [];
  for (const task of TASKS) {
    say(task.name);
    const values: Record<string, number[]> = {};
    // In turns, so that a noisy machine disturbs all of them alike.
    for (let round = 0; round < task.rounds; round += 1) {
      for (const { name, env } of routes.open) values[name] = [...(values[name] ?? []), await task.measure(env)];
    }
    // The best round is the one that nobody disturbed: a round trip waits for each of up to four processes to get a processor.
    const best = task.unit === '/s' ? Math.max : Math.min;
    const bests = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, best(...list)]));
    rows.push({ name: task.name, unit: task.unit, values: bests, bound: task.bound });
  }
  mkdirSync(RESULTS, { recursive: true });
  const path = join(RESULTS, 'bench-x11.json');
  const machine = { cpu: cpus()[0]?.model, cpuCount: cpus().length, kernel: release(), node: process.version };
  writeFileSync(path, `${JSON.stringify({ machine, obstacles: routes.obstacles, rows }, undefined, 2)}\n`);
  const load = loadavg()[0]?.toFixed(1);
  process.stdout.write(`${renderX11Table(rows)}\n\n${machine.cpuCount} CPU, load ${load} · written to ${path}\n`);
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
