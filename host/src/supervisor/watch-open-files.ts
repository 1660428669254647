import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@muvm/errors';
import type { FileLog } from '@muvm/log';
import type { GuestRpc } from '../driver/index.ts';
import { releaseGuestFiles } from './guest-calls.ts';
import { countOpenFiles, type OpenFiles, openFilesLimit } from './open-files.ts';

/** From this part of the limit on, it is looked at more often, and from the other on, something is done. */
const WATCHED_PART = 1 / 4;
const RELEASED_PART = 1 / 2;
const INTERVAL_MS = 250;
const WATCHED_INTERVAL_MS = 50;
/** Of a call in which the guest forgets a million files. */
const TIMEOUT_MS = 20_000;
/** The file server closes them one by one, after the guest has answered. */
const SETTLES_WITHIN_MS = 5000;
const RETRY_MS = 1000;

export interface OpenFilesSources {
  /** @throws a system error where the process is gone */
  look(): OpenFiles;
  /** Makes the guest forget what it does not use, or also what it only has cached. */
  release(cached: boolean): Promise<void>;
  /** Rejects where the signal is aborted. */
  wait(timeMs: number, signal: AbortSignal): Promise<void>;
}

/** The process that has the files of a machine open, and the guest that must forget them. @throws a system error */
export function openFilesOf(filesPid: number, rpc: GuestRpc): OpenFilesSources {
  const limit = openFilesLimit(filesPid);
  return {
    look: () => ({ limit, open: countOpenFiles(filesPid, limit * WATCHED_PART) }),
    release: (cached) => releaseGuestFiles(rpc, cached, TIMEOUT_MS),
    wait: (timeMs, signal) => sleep(timeMs, undefined, { signal, ref: false }),
  };
}

/**
 * Keeps the host's file server from running out of descriptors: it has one open for each file that the guest has ever looked
 * at and not forgotten, and the guest, which has memory enough, forgets none by itself. Without a free one no file of the
 * machine can be opened any more, a program to end it with neither. Disposal ends it.
 */
export function watchOpenFiles(sources: OpenFilesSources, log: Pick<FileLog, 'info' | 'warn'>): Disposable {
  const stop = new AbortController();
  void watch(sources, log, stop.signal).catch((error) => {
    if (!stop.signal.aborted) log.warn(`files open for the guest are watched no more: ${reasonOf(error)}`);
  });
  return { [Symbol.dispose]: () => stop.abort() };
}

async function watch(sources: OpenFilesSources, log: Pick<FileLog, 'info' | 'warn'>, signal: AbortSignal) {
  let releasedFrom = 0;
  while (!signal.aborted) {
    const { open, limit } = sources.look();
    const wanted = limit * RELEASED_PART;
    if (open < wanted) releasedFrom = wanted;
    if (open < releasedFrom) {
      await sources.wait(open < limit * WATCHED_PART ? INTERVAL_MS : WATCHED_INTERVAL_MS, signal);
      continue;
    }
    try {
      const left = await release(sources, signal, wanted);
      const said = `files open for the guest: ${open} of at most ${limit}, ${left} once it forgot those that it does not use`;
      if (left < wanted) log.info(said);
      else log.warn(`${said}; at the limit it can open none`);
      // What is in use cannot be closed; to ask for it all the time would only make the guest slow.
      releasedFrom = left < wanted ? wanted : (left + limit) / 2;
    } catch (error) {
      if (!signal.aborted) log.warn(`guest was not told to forget files: ${reasonOf(error)}`);
      await sources.wait(RETRY_MS, signal);
    }
  }
}

/** @returns how many are open at the end */
async function release(sources: OpenFilesSources, signal: AbortSignal, wanted: number): Promise<number> {
  let left = 0;
  for (const cached of [false, true]) {
    await sources.release(cached);
    left = await settled(sources, signal);
    if (left < wanted) break;
  }
  return left;
}

/** Waits until the number falls no more. */
async function settled({ look, wait }: OpenFilesSources, signal: AbortSignal): Promise<number> {
  let { open } = look();
  for (let waitedMs = 0; waitedMs < SETTLES_WITHIN_MS; waitedMs += WATCHED_INTERVAL_MS) {
    await wait(WATCHED_INTERVAL_MS, signal);
    const now = look().open;
    if (now >= open) return now;
    open = now;
  }
  return open;
}
