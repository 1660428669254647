import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { getInputFocus, openSpeaker, type Speaker } from '../../x11/speaker.ts';
import type { Rounds } from '../budget.ts';
import type { Bounds, Unit } from '../figure.ts';

/** What an X client needs to find its server. */
export interface ClientEnvironment {
  readonly DISPLAY: string;
  readonly XAUTHORITY: string;
}

export interface Task {
  readonly name: string;
  readonly unit: Unit;
  /** Of a bridge, to socat. */
  readonly bounds?: Bounds;
  readonly rounds: Rounds;
  measure(env: ClientEnvironment): Promise<number>;
}

/** Many short rounds: other work disturbs few of them. */
const ROUNDS_OF_TRIPS = { atLeast: 3, atMost: 20 };
const ROUND_TRIPS = 200;
const ROUNDS = { atLeast: 3, atMost: 5 };
const CLIENTS = 100;
const ROUND_TRIPS_OF_EACH = 20;
const X11PERF_TIMEOUT_MS = 30_000;
const QUESTION = getInputFocus('little');

const connect = ({ DISPLAY, XAUTHORITY }: ClientEnvironment): Promise<Speaker> =>
  openSpeaker(DISPLAY, 'little', readFileSync(XAUTHORITY));

async function askAgain(speaker: Speaker, times: number): Promise<void> {
  for (let left = times; left > 0; left -= 1) await speaker.ask(QUESTION);
}

async function roundTrip(env: ClientEnvironment): Promise<number> {
  using speaker = await connect(env);
  await askAgain(speaker, ROUND_TRIPS);
  const startedMs = performance.now();
  await askAgain(speaker, ROUND_TRIPS);
  return (1000 * (performance.now() - startedMs)) / ROUND_TRIPS;
}

async function manyClients(env: ClientEnvironment): Promise<number> {
  const startedMs = performance.now();
  const one = async () => {
    const speaker = await connect(env);
    await askAgain(speaker, ROUND_TRIPS_OF_EACH);
    await speaker.end();
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
  return performance.now() - startedMs;
}

/** @returns what x11perf says, in operations per second */
async function x11perf(test: string, times: number, env: ClientEnvironment): Promise<number> {
  // Without a number it tries for half a minute how many it needs.
  const words = ['-pause', '0', '-repeat', '1', '-reps', `${times}`, test];
  const options = { env: { ...process.env, ...env }, timeout: X11PERF_TIMEOUT_MS };
  const { stdout } = await promisify(execFile)('x11perf', words, options);
  const rate = /\(\s*([\d.]+)\/sec\)/.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`x11perf ${test} says no rate: ${stdout}`);
  return Number(rate);
}

const perf = (test: string, times: number, bounds?: Bounds, rounds = ROUNDS): Task => ({
  name: `x11perf ${test}`,
  unit: '/s',
  rounds,
  ...(bounds ? { bounds } : {}),
  measure: (env) => x11perf(test, times, env),
});

/** Rates of round trips are the reverse of their times. */
const ROUND_TRIP: Bounds = { atMost: 1.5 };
const ROUND_TRIP_RATE: Bounds = { atLeast: 1 / 1.5 };
const PICTURES: Bounds = { atLeast: 0.7 };

export const TASKS: readonly Task[] = [
  { name: 'GetInputFocus, a round trip', unit: 'µs', bounds: ROUND_TRIP, rounds: ROUNDS_OF_TRIPS, measure: roundTrip },
  // GetProperty: round trips of a client that is not ours.
  perf('-prop', 500, ROUND_TRIP_RATE, ROUNDS_OF_TRIPS),
  perf('-noop', 500_000),
  // Of these each is a thousand.
  perf('-dot', 2000),
  perf('-rect10', 1000),
  perf('-putimage500', 60, PICTURES),
  {
    name: `${CLIENTS} clients at once, ${ROUND_TRIPS_OF_EACH} round trips each`,
    unit: 'ms',
    rounds: ROUNDS,
    measure: manyClients,
  },
];
