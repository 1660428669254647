/** X clients on one Xvfb: directly, through the bridge of each mode, and through other forwarders. No VM is started. */
import { hasProgram } from '../framework/has-program.ts';
import { startXServer } from '../framework/x-server.ts';
import { type Budget, sampleInTurns } from './budget.ts';
import { compared, type Figure, figure } from './figure.ts';
import { type PartContext, PartUnavailable } from './part.ts';
import { openRoutes, type Route } from './x11/routes.ts';
import { TASKS, type Task } from './x11/tasks.ts';

/** The route that the others are compared with. */
const REFERENCE = 'socat';
/** The bounds are promised of the bridges alone. */
const isBridge = (route: string) => route.startsWith('bridge');

export async function measureX11({ budget, note }: PartContext): Promise<Figure[]> {
  const missing = ['Xvfb', 'x11perf'].filter((program) => !hasProgram(program));
  if (missing.length > 0) throw new PartUnavailable(`there is no ${missing.join(', ')}`);
  await using server = await startXServer();
  await using routes = await openRoutes(server);
  for (const [name, reason] of Object.entries(routes.obstacles)) note(`without ${name}: ${reason}`);
  const figures: Figure[] = [];
  for (const [index, task] of TASKS.entries()) {
    figures.push(...(await measureTask(task, routes.open, budget.share(TASKS.length - index))));
  }
  return figures;
}

async function measureTask(task: Task, routes: readonly Route[], budget: Budget): Promise<Figure[]> {
  const takes = routes.map(({ name, env }) => [name, () => task.measure(env)] as const);
  const samples = await sampleInTurns(budget, task.rounds, Object.fromEntries(takes));
  const reference = samples[REFERENCE];
  return Object.entries(samples).map(([route, own]) => {
    const name = `${task.name}: ${route}`;
    if (!reference || route === REFERENCE) return figure(name, task.unit, own);
    return compared(
      name,
      task.unit,
      own,
      { name: REFERENCE, samples: reference },
      isBridge(route) ? task.bounds : undefined,
    );
  });
}
