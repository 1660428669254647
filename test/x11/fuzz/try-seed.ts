import { createContext, runInContext } from 'node:vm';
import { random } from '../../../packages/x11/src/testing/messages.ts';
import type { EngineKind } from '../engine.ts';
import type { Policy } from '../expectation.ts';
import { cutAnew, type Random, type Step } from '../replay.ts';
import { connectionsOf, type Piece, readTrace, type Trace, traceNames } from '../trace.ts';
import { countReads } from './count-reads.ts';
import { inventClient } from './invent.ts';
import { judge, judgeCuts } from './judge.ts';
import { mutate } from './mutate.ts';
import { goThrough, type Ordeal, type Outcome } from './ordeal.ts';

/** What is mutated: the beginnings of recorded connections. */
export interface Origin {
  readonly trace: Trace;
  readonly pieces: readonly Piece[];
}

/** So long may one seed take before it hangs. */
const HANGING_MS = 20_000;
const BEGINNING_BYTES = [400, 2000, 8000, 30_000];
const INVENTED = 3;

export const origins = (): Origin[] =>
  traceNames()
    .map(readTrace)
    .flatMap((trace) => connectionsOf(trace).map((pieces) => ({ trace, pieces })));

/** Everything of a seed is the same each time. @returns what is wrong, undefined where nothing is */
export function trySeed(
  seed: number,
  kind: EngineKind,
  from: readonly Origin[],
  hangingMs = HANGING_MS,
): string | undefined {
  return endedInTime(hangingMs, () => {
    const ordeal = ordealOf(random(seed), kind, from);
    const outcomes: Outcome[] = [];
    for (const cut of [seed + 1, seed + 2]) {
      const { value, reads } = countReads(() => goThrough(ordeal, kind, cut, random));
      const problem = judge(value, reads, kind, ordeal);
      if (problem !== undefined) return problem;
      outcomes.push(value);
    }
    return judgeCuts(outcomes[0] as Outcome, outcomes[1] as Outcome);
  });
}

function ordealOf(next: Random, kind: EngineKind, from: readonly Origin[]): Ordeal {
  const { trace, pieces } = from[next(from.length)] as Origin;
  const policy: Policy = { hidden: kind.hidden, opcodes: trace.opcodes };
  if (next(INVENTED) === 0) return { policy, steps: inventClient(policy, next), isHonest: true };
  const other = from[next(from.length)] as Origin;
  const corpus = {
    others: [beginning(other.pieces, next), beginning(pieces, next)],
    bigOpcode: policy.opcodes['BIG-REQUESTS'],
  };
  return { policy, steps: mutate(beginning(pieces, next), next, corpus), isHonest: false };
}

/** Copies, as they are changed. */
function beginning(pieces: readonly Piece[], next: Random): Step[] {
  const bytesMax = BEGINNING_BYTES[next(BEGINNING_BYTES.length)] as number;
  let left = bytesMax + next(bytesMax);
  const some = pieces.flatMap((piece) => {
    const bytes = Buffer.from(piece.bytes.subarray(0, left));
    left -= bytes.length;
    return bytes.length > 0 ? [{ ...piece, bytes }] : [];
  });
  return cutAnew(some, { random: next, bytesMax });
}

const context = createContext({ body: undefined as (() => string | undefined) | undefined });

/** Code that runs without a pause can be ended only by V8 itself. */
function endedInTime(timeout: number, body: () => string | undefined): string | undefined {
  try {
    context['body'] = body;
    return runInContext('body()', context, { timeout }) as string | undefined;
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string };
    return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? `it has not ended after ${timeout} ms` : `it throws: ${message}`;
  }
}
