import type { Sandbox } from '../framework/sandbox.ts';
import type { Budget } from './budget.ts';
import type { Figure } from './figure.ts';
import type { PartRow } from './target.ts';

/** What a part has while it runs. */
export interface PartContext {
  readonly sandbox: Sandbox;
  readonly budget: Budget;
  /** Adds a line for people beside the figures. */
  note(text: string): void;
}

export interface Part extends PartRow {
  /** The VM that the part finds in its sandbox. "stopped": none runs, and the cache has the kernel. */
  readonly vm: 'none' | 'running' | 'stopped';
  measure(context: PartContext): Promise<Figure[]>;
}

/** The host lacks something that the part needs, such as a program; this is no failure. */
export class PartUnavailable extends Error {}
