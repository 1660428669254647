import type { DriverName } from '../driver/driver.ts';

/** `problem`: broken, or keeps a driver or feature from working. `note`: absent, which costs a feature at most. */
export type State = 'ok' | 'problem' | 'note';

/** What a check found. */
export interface Finding {
  readonly state: State;
  /** A fact, with what was looked at; a sentence with no final period. */
  readonly text: string;
  /** What to do next, as whole sentences. */
  readonly hint: string | undefined;
}

/** One question about one part of the host. */
export interface Check {
  readonly name: string;
  /** The drivers that cannot start a machine while this is a problem. */
  readonly neededBy: readonly DriverName[];
  /** What it throws is a problem too. */
  run(): Finding | Promise<Finding>;
}

/** What the checks must know beside the host itself. */
export interface Circumstances {
  readonly env: NodeJS.ProcessEnv;
  /** The name of the machine that would be started. */
  readonly name: string;
  /** The libkrun that is wished for. Undefined: the one that is found. */
  readonly libkrunPath: string | undefined;
  /** Where our bundles are. */
  readonly bundleDirectory: string;
}

export function ok(text: string): Finding {
  return finding('ok', text, undefined);
}

export function problem(text: string, hint: string | undefined): Finding {
  return finding('problem', text, hint);
}

export function note(text: string, hint: string): Finding {
  return finding('note', text, hint);
}

// Reasons that are made for the end of a sentence stand on their own here, and each on a line of its own.
function finding(state: State, text: string, hint: string | undefined): Finding {
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' ');
  return { state, text: line.charAt(0).toUpperCase() + line.slice(1), hint };
}
