import type { Engine } from './engine.ts';
import type { Piece, Side } from './trace.ts';

/** Numbers from 0 up to a limit, always the same for the same seed. */
export type Random = (limit: number) => number;

export interface Step {
  readonly from: Side;
  readonly bytes: Buffer;
}

/** How what was recorded is cut anew. */
export interface Cut {
  readonly random: Random;
  /** The most that comes at once. */
  readonly bytesMax: number;
  /** Whether answers may not come later than they did, as the client had read them before it went on. */
  readonly isCausal?: boolean;
}

/** What one side said before the other one spoke again, as one. */
function turns(pieces: readonly Piece[]): Step[] {
  const steps: Step[] = [];
  for (const { from, bytes } of pieces) {
    const last = steps.at(-1);
    if (last?.from === from) steps[steps.length - 1] = { from, bytes: Buffer.concat([last.bytes, bytes]) };
    else steps.push({ from, bytes });
  }
  return steps;
}

/** The answer may always come later: a client does not wait for all that it asks for. */
function answersLater(steps: readonly Step[], random: Random): Step[] {
  const list = [...steps];
  for (let index = 0; index + 1 < list.length; index += 1) {
    const [here, next] = [list[index] as Step, list[index + 1] as Step];
    if (here.from !== 'server' || next.from !== 'client' || random(4) !== 0) continue;
    list[index] = next;
    list[index + 1] = here;
  }
  return list;
}

/** A recorded connection in pieces of any size. What each side says, and that nothing is answered before it is asked, stays. */
export function cutAnew(pieces: readonly Piece[], { random, bytesMax, isCausal = false }: Cut): Step[] {
  const steps = isCausal ? turns(pieces) : answersLater(turns(pieces), random);
  return steps.flatMap(({ from, bytes }) => {
    const cut: Step[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + random(bytesMax);
      cut.push({ from, bytes: bytes.subarray(at, end) });
      at = end;
    }
    return cut;
  });
}

/** What came out, each side's as one. */
export interface Passed {
  readonly toServer: Buffer;
  readonly toClient: Buffer;
}

/** Engines change what they are given, so each piece is a copy. */
export function replay(steps: readonly Step[], engine: Engine): Passed {
  const passed: Record<Side, Buffer[]> = { client: [], server: [] };
  for (const { from, bytes } of steps) {
    const chunk = Buffer.from(bytes);
    const out = from === 'client' ? engine.request(chunk) : engine.reply(chunk);
    if (Buffer.isBuffer(out)) passed[from].push(out);
    else passed[from].push(...out);
  }
  return { toServer: Buffer.concat(passed.client), toClient: Buffer.concat(passed.server) };
}
