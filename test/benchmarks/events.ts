/**
 * What a worker reports to the orchestrator: one line each on its standard output. They arrive at once from a guest too, where
 * a file would need a directory that both sides may write.
 */
import type { Figure } from './figure.ts';

/** Where the parts of a target run. */
export interface Environment {
  readonly kernel: string;
  readonly cpuCount: number;
  /** Of the VM that is measured, such as "tcg" or "kvm". Absent if there is none. */
  readonly acceleration?: string | undefined;
}

export type WorkerEvent =
  | { readonly kind: 'environment'; readonly environment: Environment }
  | { readonly kind: 'begin'; readonly part: string }
  | {
      readonly kind: 'measured';
      readonly part: string;
      readonly figures: readonly Figure[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'failed' | 'unavailable'; readonly part: string; readonly reason: string };

const PREFIX = 'bench-event ';

/** @returns a line with its newline */
export function formatEvent(event: WorkerEvent): string {
  return `${PREFIX}${JSON.stringify(event)}\n`;
}

/** @returns undefined for a line that is something else, such as output of a program around the worker */
export function parseEvent(line: string): WorkerEvent | undefined {
  return line.startsWith(PREFIX) ? (JSON.parse(line.slice(PREFIX.length)) as WorkerEvent) : undefined;
}
