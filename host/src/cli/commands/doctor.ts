import type { Settings } from '../../config/index.ts';
import { hostChecks, judge, renderJson, renderReport, runChecks } from '../../doctor/index.ts';
import { bundleDirectory } from '../../vm/bundle-path.ts';
import { print } from '../print.ts';
import { printable } from '../printable.ts';
import type { Ending } from '../report-error.ts';
import { terminalSize } from '../terminal.ts';

/** Prints what this host has for a machine. Ends with 0 where one can start. */
export async function printDoctor({ name, libkrunPath, json }: Settings): Promise<Ending> {
  const circumstances = { env: process.env, name, libkrunPath, bundleDirectory: bundleDirectory() };
  const outcomes = await runChecks(hostChecks(circumstances));
  const verdict = judge(outcomes);
  const columns = process.stdout.isTTY ? terminalSize().columns : undefined;
  await print(json ? renderJson(outcomes) : printable(renderReport(outcomes, verdict, columns)));
  return { status: verdict.canStart ? 0 : 1 };
}
