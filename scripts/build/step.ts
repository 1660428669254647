import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hashOfInputs } from './inputs.ts';

/** Runs a step of the build unless its stamp file says that it ran on the same inputs, and its outputs are there. */
export async function buildStep(
  stamp: string,
  inputs: readonly string[],
  outputs: readonly string[],
  run: () => void | Promise<void>,
): Promise<void> {
  const hash = hashOfInputs(inputs);
  const isThere = outputs.every((path) => existsSync(path));
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  rmSync(stamp, { force: true });
  await run();
  // An edit in the meantime may be in the outputs or not.
  if (hashOfInputs(inputs) !== hash) return;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
