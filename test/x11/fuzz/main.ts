/**
 * Tries an engine with one seed after the other until the time is over. Ends with status 1 where it found something; what
 * a seed does is always the same.
 *
 *     node main.cjs SECONDS SEED COUNT ENGINE     from that seed on, at most so many (0: no end)
 */
import { ENGINES } from '../engine.ts';
import { origins, trySeed } from './try-seed.ts';

const FOUND_MAX = 10;

function main([seconds, firstSeed, count, name]: readonly string[]): void {
  const kind = ENGINES[name ?? ''];
  if (!kind)
    throw new Error(`Cannot fuzz the engine "${name}" as it must be one of ${Object.keys(ENGINES).join(', ')}`);
  const from = origins();
  const latestMs = performance.now() + 1000 * Number(seconds);
  const end = Number(count) > 0 ? Number(firstSeed) + Number(count) : Number.POSITIVE_INFINITY;
  let found = 0;
  let seed = Number(firstSeed);
  for (; seed < end && performance.now() < latestMs && found < FOUND_MAX; seed += 1) {
    const problem = trySeed(seed, kind, from);
    if (problem === undefined) continue;
    found += 1;
    process.stdout.write(
      `fuzz: seed ${seed}: ${problem}\n      again: make fuzz SEED=${seed} COUNT=1 ENGINE=${name}\n`,
    );
  }
  process.stdout.write(`fuzz: engine ${name}: seeds ${firstSeed} to ${seed - 1}, ${found} problems\n`);
  if (found > 0) process.exitCode = 1;
}

main(process.argv.slice(2));
