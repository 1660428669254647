import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hashOfInputs } from './inputs.ts';

/** Runs a step of the build unless its stamp file says that it ran on the same inputs. */
export async function buildStep(
  stamp: string,
  inputs: readonly string[],
  run: () => void | Promise<void>,
): Promise<void> {
  const hash = hashOfInputs(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  rmSync(stamp, { force: true });
  await run();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
