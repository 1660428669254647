import { Writable } from 'node:stream';
import type { Start } from '@muvm/protocol';
import { type ExecOptions, type ExecStreams, runCommand } from './client.ts';
import type { ExecEnd } from './exec-end.ts';
import { type GuestCall, startTestGuest } from './test-guest.ts';

/** What the calls of these tests begin with. */
export const START: Start = {
  argv: ['true'],
  env: { A: 'b' },
  workdir: '/',
  terminal: undefined,
  stdin: false,
  detach: false,
};

/** An output that keeps what it is given. */
export class Collected extends Writable {
  readonly pieces: Buffer[] = [];

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.pieces.push(piece);
    done();
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString();
  }
}

export interface Wishes {
  start?: Partial<Start>;
  streams?: Partial<ExecStreams>;
  options?: Partial<ExecOptions>;
}

/** Runs a command against a guest of its own. */
export async function runAgainst(
  answer: (call: GuestCall) => void,
  { start, streams, options }: Wishes = {},
): Promise<ExecEnd> {
  await using guest = await startTestGuest(answer);
  return await runCommand(
    guest.socketPath,
    { ...START, ...start },
    { stdout: new Collected(), stderr: new Collected(), ...streams },
    { vmName: 'test', signal: new AbortController().signal, ...options },
  );
}
