import { print } from '../print.ts';
import { renderHelp } from '../render-help.ts';
import type { Ending } from '../report-error.ts';

export async function printHelp(): Promise<Ending> {
  await print(renderHelp(process.env));
  return { status: 0 };
}
