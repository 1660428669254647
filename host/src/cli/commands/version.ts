import { print } from '../print.ts';
import type { Ending } from '../report-error.ts';
import { VERSION } from '../version.ts';

export async function printVersion(): Promise<Ending> {
  await print(`muvm ${VERSION}\n`);
  return { status: 0 };
}
