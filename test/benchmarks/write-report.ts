import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Report } from './report.ts';

/** Replaces the file at once, so that an interrupt leaves the former report or this one. */
export function writeReport(path: string, report: Report): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(report, undefined, 2)}\n`);
  renameSync(temporary, path);
}
