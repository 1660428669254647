import { closeSync } from 'node:fs';
import { setInterval as each } from 'node:timers/promises';
import { MuvmError, reasonOf } from '@muvm/errors';
import { connectUnix, duplicateDescriptor, isHungUp } from '@muvm/linux';
import type { PasstWatch } from './passt-end.ts';

// A socket that others read cannot be waited for, only looked at.
const LOOK_INTERVAL_MS = 500;

/** A connection to a passt that somebody else started. OWNERSHIP: the caller closes `fd`; disposal lets go of the rest. */
export interface JoinedPasst extends Disposable {
  readonly fd: number;
  watch(watch: Omit<PasstWatch, 'isWished'>): Promise<MuvmError>;
}

/** @throws MuvmError MISSING_PART where nobody listens at the path */
export function joinPasst(path: string): JoinedPasst {
  const fd = connect(path);
  const own = duplicateDescriptor(fd);
  const ended = new AbortController();
  return {
    fd,
    watch: (watch) => watchConnection(own, path, watch, ended.signal),
    [Symbol.dispose]() {
      ended.abort();
      closeSync(own);
    },
  };
}

function connect(path: string): number {
  try {
    return connectUnix(path);
  } catch (error) {
    const hint = `Start one there with "passt --socket ${path}", or leave --passt-socket out.`;
    throw new MuvmError('MISSING_PART', `Cannot connect to a passt at "${path}": ${reasonOf(error)}`, {
      hint,
      cause: error,
    });
  }
}

/** @returns resolves with what is to end the machine: a passt that would not have it. Else it stays open */
async function watchConnection(
  fd: number,
  path: string,
  { up, vmm, onNotice }: Omit<PasstWatch, 'isWished'>,
  signal: AbortSignal,
): Promise<MuvmError> {
  let isUp = false;
  up.then(
    () => {
      isUp = true;
    },
    () => {},
  );
  if (await hangsUp(fd, signal)) {
    if (!isUp) return refusal(path);
    if (!vmm.hasExited()) onNotice(`the guest has no network, as the passt at "${path}" closed the connection`);
  }
  return new Promise(() => {});
}

/** @returns false where the signal came first */
async function hangsUp(fd: number, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const _ of each(LOOK_INTERVAL_MS, undefined, { signal, ref: false })) if (isHungUp(fd)) return true;
  } catch {
    // The signal: the machine has ended.
  }
  return false;
}

function refusal(path: string): MuvmError {
  return new MuvmError('START_FAILED', `Cannot connect the guest to the network as the passt at "${path}" hung up`, {
    hint: 'A passt serves one machine at a time: start one more, with another socket.',
  });
}
