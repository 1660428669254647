/** What must hold of an engine whatever it is given. */
import type { EngineKind } from '../engine.ts';
import { expectationOf, expectedByServer, type Policy } from '../expectation.ts';
import { clientFrames } from '../frames.ts';
import { SIDES } from '../trace.ts';
import type { Ordeal, Outcome } from './ordeal.ts';

/** Reads of a message's header, for each time that it is looked at. */
const READS_OF_HEADER = 8;
const MESSAGE_BYTES_MIN = 4;

const isPrefix = (short: Buffer, long: Buffer) =>
  short.length <= long.length && long.subarray(0, short.length).equals(short);

/** @returns what is wrong with it, undefined where nothing is */
export function judge(
  outcome: Outcome,
  reads: number,
  kind: EngineKind,
  { policy, isHonest }: Ordeal,
): string | undefined {
  return (
    judgeError(outcome) ??
    judgeSizes(outcome, reads, kind) ??
    outcome.problem ??
    (kind.isTransparent ? judgeRequests(outcome, policy) : undefined) ??
    (kind.isTransparent && isHonest ? judgeAnswers(outcome, policy) : undefined)
  );
}

/** Whatever the cuts are, the same comes out. Before an error it may be less, as the piece at fault goes as a whole. */
export function judgeCuts(one: Outcome, other: Outcome): string | undefined {
  if ((one.error === undefined) !== (other.error === undefined))
    return 'it is at fault or not, depending on where it is cut';
  for (const side of SIDES) {
    const [short, long] = [one.passed[side], other.passed[side]].sort((a, b) => a.length - b.length) as [
      Buffer,
      Buffer,
    ];
    if (!isPrefix(short, long)) return `other bytes pass from the ${side} where it is cut otherwise`;
    if (one.error === undefined && short.length < long.length)
      return `less passes from the ${side} where it is cut otherwise`;
  }
  return undefined;
}

function judgeError({ error }: Outcome): string | undefined {
  if (error === undefined) return undefined;
  const { code, message } = error.cause as { readonly code?: unknown; readonly message?: unknown };
  return code === 'PROTOCOL' ? undefined : `an error that is none of the protocol: ${message}`;
}

function judgeSizes(outcome: Outcome, reads: number, kind: EngineKind): string | undefined {
  const { given, passed, heldBytesMax, chunks } = outcome;
  if (heldBytesMax > kind.heldBytesMax) return `${heldBytesMax} bytes are held back, of at most ${kind.heldBytesMax}`;
  for (const side of SIDES) {
    const added = passed[side].length - given[side].length;
    if (added > kind.addedBytesMax) return `${added} bytes more pass from the ${side} than came`;
  }
  const readsMax = READS_OF_HEADER * (chunks + (given.client.length + given.server.length) / MESSAGE_BYTES_MIN + 1);
  return reads > readsMax ? `${reads} numbers are read, of at most ${readsMax}` : undefined;
}

/** By a reader that sees the whole. After an error less passes, but nothing else. */
function judgeRequests({ given, passed, error }: Outcome, policy: Policy): string | undefined {
  const said = clientFrames(given.client, policy.opcodes['BIG-REQUESTS']);
  if (!said) return passed.client.length > 0 ? 'something passes before the setup is whole' : undefined;
  if (error === undefined && said.fault !== undefined) return `a fault passes: ${said.fault}`;
  if (!isPrefix(passed.client, expectedByServer(given.client, said, policy))) return 'requests are changed';
  return error === undefined && passed.client.length < said.rest.at ? 'a whole request is held back' : undefined;
}

function judgeAnswers({ given, passed, error }: Outcome, policy: Policy): string | undefined {
  const expected = expectationOf(given.client, given.server, policy);
  if (!expected) return undefined;
  if (!isPrefix(passed.server, expected.toClient)) return 'answers are changed';
  return error === undefined && passed.server.length < expected.toClient.length
    ? 'a whole answer is held back'
    : undefined;
}
