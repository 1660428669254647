import { closeSync, ftruncateSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FUTEX_EVERYONE, FUTEX_MASKS, futexWake, mapShared, type SharedMemory } from '@muvm/linux';
import { FenceWatch } from './fence-watch.ts';
import { FENCES_MAX, Fences } from './fences.ts';
import { Reactor } from './reactor.ts';

const FENCE = 0x0040_0007;
const said: string[] = [];
const clientWords: SharedMemory[] = [];
const channel = {
  newFutex: ({ handle }: { handle: bigint }, id: number) => void said.push(`new ${handle} as ${id}`),
  signalFutex: (id: number) => void said.push(`signal ${id}`),
  destroyFutex: (id: number) => void said.push(`destroy ${id}`),
};
let reactor: Reactor;
let watch: FenceWatch;
let fences: Fences;
let handle = 0n;

/** A descriptor of a file without a name, as libxshmfence makes it. */
function createFence(bytes = 4, directory = '/dev/shm'): number {
  const path = `${directory}/muvm-test-fence-${process.pid}`;
  const fd = openSync(path, 'wx+');
  unlinkSync(path);
  ftruncateSync(fd, bytes);
  return fd;
}

/** Lets everything be told that has happened. */
function turns(): string[] {
  for (let turn = 0; turn < 3; turn += 1) reactor.turn(5);
  return said.splice(0);
}

const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('muvm-test-fence').length - 1;

beforeEach(() => {
  said.length = 0;
  handle = 0n;
  reactor = new Reactor();
  watch = new FenceWatch();
  fences = new Fences({ watch, channel, exportFile: () => ({ fsId: 1n, handle: ++handle }) });
  fences.watchIn(reactor, (use) => use());
});

afterEach(() => {
  fences[Symbol.dispose]();
  watch[Symbol.dispose]();
  reactor[Symbol.dispose]();
  for (const word of clientWords.splice(0)) word[Symbol.dispose]();
  expect(mappings()).toBe(0);
});

/** Imports a new fence, whose word the test has mapped too. */
function importFence(fence = FENCE) {
  const fd = createFence();
  const word = mapShared(fd, 4);
  clientWords.push(word);
  const { id } = fences.import(fence, fd);
  const wake = () => futexWake(word.address, FUTEX_EVERYONE, FUTEX_MASKS.program);
  return { id, word, wake };
}

describe('a fence', () => {
  test('is made known to the host before it is sent, and its descriptor is closed', () => {
    const fd = createFence();
    expect(fences.import(FENCE, fd)).toEqual({ id: 1, type: 5 });
    expect(said).toEqual(['new 1 as 1']);
    expect(() => closeSync(fd)).toThrow('EBADF');
  });

  test('tells the host of a wake in the guest, and not of one that we make for the host', () => {
    const { id, word, wake } = importFence();
    expect(turns()).toEqual(['new 1 as 1']);
    Atomics.store(word.words, 0, 1);
    wake();
    expect(turns()).toEqual([`signal ${id}`]);
    fences.signalled(id);
    expect(turns()).toEqual([]);
  });

  test('is unmapped when it is destroyed, at once where the host is known to have its file', () => {
    const { id, wake } = importFence();
    const early = importFence(FENCE + 1);
    fences.signalled(id);
    said.length = 0;
    fences.destroy(FENCE);
    fences.destroy(FENCE + 1);
    expect(turns()).toEqual([`destroy ${id}`, `destroy ${early.id}`]);
    wake();
    early.wake();
    expect(turns()).toEqual([]);
    expect(mappings() - clientWords.length).toBe(1);
    fences.signalled(early.id);
    expect(mappings() - clientWords.length).toBe(0);
  });

  test('has a number that no other had, also where the client gives its own number again', () => {
    const first = importFence();
    fences.destroy(FENCE);
    const again = importFence();
    const beside = importFence();
    expect([first.id, again.id, beside.id]).toEqual([1, 2, 3]);
    said.length = 0;
    fences.destroy(FENCE);
    expect(said).toEqual(['destroy 2', 'destroy 3']);
  });

  test('that is not known is ignored', () => {
    fences.destroy(12);
    fences.signalled(12);
    fences.woken(12);
    expect(said).toEqual([]);
  });
});

describe('import() refuses, and closes the descriptor of', () => {
  test.each([
    ['a file that the host does not share', () => createFence(4, '/tmp'), 'as it must be a file in "/dev/shm/"'],
    ['a file without a word', () => createFence(3), 'Cannot share a fence of 3 bytes as it must have 4'],
  ])('%s', (_, create, reason) => {
    const fd = create();
    expect(() => fences.import(FENCE, fd)).toThrow(reason);
    expect(() => closeSync(fd)).toThrow('EBADF');
    expect(said).toEqual([]);
  });

  test('a file that the host does not take', () => {
    const exportFile = () => {
      throw Object.assign(new Error('ENOTTY: inappropriate ioctl for device'), { code: 'ENOTTY' });
    };
    using others = new Fences({ watch, channel, exportFile });
    expect(() => others.import(FENCE, createFence())).toThrow('Cannot share a fence with the host');
  });

  test('one fence too many', () => {
    for (let fence = 0; fence < FENCES_MAX; fence += 1) fences.import(fence, createFence());
    expect(() => fences.import(FENCES_MAX, createFence())).toThrow(`at most ${FENCES_MAX}`);
    fences.destroy(0);
    expect(fences.import(0, createFence()).id).toBe(FENCES_MAX + 1);
  });
});

test('a file that cannot be shared is replaced by one that can, which is closed too', () => {
  const replacement = createFence();
  using others = new Fences({
    watch,
    channel,
    exportFile: () => ({ fsId: 1n, handle: 9n }),
    replaceFile: () => replacement,
  });
  others.import(FENCE, createFence(4, '/tmp'));
  expect(said).toEqual(['new 9 as 1']);
  expect(() => closeSync(replacement)).toThrow('EBADF');
});

test('what cannot be told to the host is told to the guard of the client', () => {
  const { wake } = importFence();
  const problems: unknown[] = [];
  const broken = { ...channel, signalFutex: () => problems.push(new Error('gone')) };
  using others = new Fences({ watch, channel: broken, exportFile: () => ({ fsId: 1n, handle: 1n }) });
  others.watchIn(reactor, (use) => {
    problems.push('guarded');
    use();
  });
  const fd = createFence();
  using theirs = mapShared(fd, 4);
  others.import(FENCE, fd);
  futexWake(theirs.address, FUTEX_EVERYONE, FUTEX_MASKS.program);
  wake();
  expect(turns()).toContain('signal 1');
  expect(problems).toEqual(['guarded', expect.any(Error)]);
});
