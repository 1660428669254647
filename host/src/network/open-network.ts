import { closeSync } from 'node:fs';
import type { MuvmError } from '@muvm/errors';
import type { Scope } from '@muvm/lifetime';
import type { Helper } from '@muvm/process';
import { findProgram } from '@muvm/process';
import { type PasstWatch, PasstWords, watchPasst } from './passt-end.ts';
import { startPasst } from './start-passt.ts';

/** The other end of a network card. */
export interface NetworkPeer {
  /** The socket that the VMM's card is to be connected to: frames, each behind its length (32 bits, big-endian). */
  readonly fd: number;
  /** Closes our copy of it, once the VMM has its own. */
  close(): void;
  /** Of the helpers that still run, by name. */
  pids(): Readonly<Record<string, number>>;
  /** Says when it is lost. @returns resolves with what is to end the machine, if anything of it is */
  watch(watch: Omit<PasstWatch, 'isWished'>): Promise<MuvmError>;
}

export interface NetworkContext {
  readonly log: { info(line: string): void };
}

/**
 * Starts what carries the frames of a network card. It ends with the scope.
 *
 * @returns undefined where there is no passt
 * @throws MuvmError MISSING_PART
 */
export async function openNetwork({ log }: NetworkContext, scope: Scope): Promise<NetworkPeer | undefined> {
  const program = findProgram(['passt']);
  if (!program) return undefined;
  const words = new PasstWords();
  const onErrorLine = (line: string) => {
    words.add(line);
    log.info(`passt: ${line}`);
  };
  const { fd, helper } = await startPasst({ program, onErrorLine });
  scope.use(helper);
  const peer = peerOf(fd, helper, words, false);
  scope.defer(() => peer.close());
  return peer;
}

function peerOf(fd: number, passt: Helper, words: PasstWords, isWished: boolean): NetworkPeer {
  let isOpen = true;
  return {
    fd,
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
    pids: () => (passt.hasExited() ? {} : { passt: passt.pid }),
    watch: (watch) => watchPasst(passt, words, { ...watch, isWished }),
  };
}
