import { randomUUID } from 'node:crypto';
import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isMuvmError, MuvmError, reasonOf } from '@muvm/errors';
import { handOver, mapShared, processName, type RemoteThread, type StoppedProcess, stopProcess } from '@muvm/linux';
import { inspectMemfd, type Memfd } from './memfd.ts';
import { findPlaces, type Places } from './places.ts';
import { replacePlaces } from './replace-places.ts';

const ADVICE = 'With libxshmfence 1.3.3 or later in the program, it need not be stopped at all.';

/**
 * Puts a new file in the place of a memfd, in a process that runs: every mapping and every descriptor of it there is one of the
 * file afterwards, with the same content, and who waits for a word in it waits on. Every thread of the process is stopped
 * meanwhile, for some milliseconds; about 2 s at most. Other processes that have the memfd keep it.
 *
 * To be called in the main thread alone, for no child of ours. It blocks. After a TIMED_OUT, `releaseStragglers` of
 * `@muvm/linux` is to be called every few milliseconds until it returns 0.
 *
 * OWNERSHIP: the caller keeps `fd`, the memfd, and closes the descriptor that is returned: close-on-exec, to read and write,
 * and the same open file that the process got. The file has no name.
 *
 * @param pid as `peerCredentials` tells it
 * @param directory on a file system that can be mapped shared
 * @throws {MuvmError} the process goes on with its memfd, or has ended; after a system call that did not come back in time
 *   it may have the file in some places
 */
export function moveMemfd(pid: number, fd: number, directory: string): number {
  const memfd = inspectMemfd(fd);
  let file: number | undefined;
  try {
    file = createFile(directory, memfd.bytes);
    moveTo(pid, fd, memfd, file);
    return file;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    throw withAdvice(pid, error);
  }
}

function createFile(directory: string, bytes: number): number {
  const path = join(directory, `muvm-fence-${randomUUID()}`);
  const { O_RDWR, O_CREAT, O_EXCL } = constants;
  const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
  try {
    unlinkSync(path);
    ftruncateSync(fd, bytes);
    // What cannot be mapped here cannot be mapped there: better to know while nothing is stopped.
    mapShared(fd, bytes)[Symbol.dispose]();
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function moveTo(pid: number, fd: number, memfd: Memfd, file: number): void {
  using stopped = stopProcess(pid);
  try {
    moveStopped(stopped, fd, memfd, file);
  } catch (error) {
    throw stopped.endOfIt() ?? error;
  }
}

function moveStopped(stopped: StoppedProcess, fd: number, memfd: Memfd, file: number): void {
  const { pid } = stopped;
  using thread = stopped.borrowThread();
  const places = findPlaces(pid, thread.tid, memfd);
  if (places.mappings.length + places.descriptors.length === 0) {
    throw new MuvmError('PROTOCOL', `Cannot find the memfd of a fence in ${processName(pid)}`, {
      hint: 'Run the program so that it opens its windows itself, and no process that it starts.',
    });
  }
  copyContent(fd, file, memfd.bytes);
  replaceWith(thread, places, { memfd: fd, file });
}

function replaceWith(thread: RemoteThread, places: Places, ours: { memfd: number; file: number }): void {
  const [file, memfd] = handOver(thread, [ours.file, ours.memfd]) as [number, number];
  try {
    replacePlaces(thread, places, { from: memfd, to: file });
  } finally {
    thread.attempt('close', file);
    thread.attempt('close', memfd);
  }
}

function copyContent(from: number, to: number, bytes: number): void {
  const content = Buffer.alloc(bytes);
  readSync(from, content, 0, bytes, 0);
  writeSync(to, content, 0, bytes, 0);
}

function withAdvice(pid: number, error: unknown): MuvmError {
  const known = isMuvmError(error) ? error : undefined;
  const sentence = known?.message ?? `Cannot move a fence of ${processName(pid)} out of its memfd: ${reasonOf(error)}`;
  const hint = known?.hint === undefined ? ADVICE : `${known.hint} ${ADVICE}`;
  return new MuvmError(known?.code ?? 'SYSTEM', sentence, { hint, cause: error });
}
