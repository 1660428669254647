/**
 * Fences of the bridge over the cross-domain channel to a stand-in for the VMM: a program of the guest and one in the place of
 * the server wake each other. Apart, each has a word of its own, so that nothing but the messages of the channel can do it.
 */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Fences, FenceWatch } from '@muvm/guest-init/x11-bridge';
import { acceptConnection, EPOLL_EVENTS, listenUnix, receiveMessage } from '@muvm/linux';
import { CHANNEL_TYPES, CrossDomainChannel } from '@muvm/virtgpu';
import { Reactor } from '../../guest-init/src/x11/bridge/reactor.ts';
import { TestPeer, TestWords } from '../../packages/linux/src/futex/test-peer.ts';
import { createStandIn, exportFile } from './stand-in/index.ts';

const FENCE = 0x0040_0001;
const TURN_MS = 2;
const TIMEOUT_MS = 30_000;
const PROGRAM = join(import.meta.dirname, '../../packages/linux/src/futex/futex-peer.cjs');

/** What is released after a test, the last first. */
const opened: (() => void)[] = [];

afterEach(() => {
  for (const release of opened.splice(0).reverse()) release();
  expect(openFences()).toEqual([]);
});

/** What this process has open or mapped of fences. */
function openFences(): string[] {
  const links = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`));
  const mappings = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return [...links, ...mappings].filter((name) => /\/dev\/shm\/muvm-test|memfd:muvm/.test(name));
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // That of the directory itself.
    return '';
  }
}

function use<T extends Disposable>(resource: T): T {
  opened.push(() => resource[Symbol.dispose]());
  return resource;
}

function useDescriptor(fd: number): number {
  opened.push(() => closeSync(fd));
  return fd;
}

/** A client's bridge, and the socket that is the server's. */
function connect(mode: 'shared' | 'apart') {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-fences-'));
  opened.push(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'server');
  const listener = useDescriptor(listenUnix(path));
  const reactor = use(new Reactor());
  const channel = use(new CrossDomainChannel(createStandIn(path, mode), CHANNEL_TYPES.x11));
  const server = useDescriptor(acceptConnection(listener) as number);
  const fences = use(new Fences({ watch: use(new FenceWatch()), channel, exportFile }));
  fences.watchIn(reactor, (run) => run());
  const onEvents = () => {
    for (let message = channel.receive(); message; message = channel.receive()) {
      if (message.kind === 'futex') fences.signalled(message.id);
      channel.poll();
    }
  };
  reactor.add(channel.fd, { onEvents }, EPOLL_EVENTS.in);
  return { reactor, channel, server, fences };
}

/** A fence of a program of the guest, sent to the server. */
async function share(mode: 'shared' | 'apart') {
  const parts = connect(mode);
  const file = use(new TestWords(1));
  const identifier = parts.fences.import(FENCE, openSync(file.paths[0] as string, 'r+'));
  parts.channel.send(Buffer.from('a request'), [identifier]);
  const received = receiveMessage(parts.server, Buffer.alloc(64));
  const [theirs] = (received?.descriptors ?? []).map(useDescriptor) as [number];
  const guest = use(await TestPeer.start(file.paths, PROGRAM));
  const server = use(await TestPeer.start([`/proc/${process.pid}/fd/${theirs}`], PROGRAM));
  return { ...parts, guest, server, word: file.words[0] as TestWords['words'][number], id: identifier.id };
}

/** Runs the bridge until an answer is there. */
async function runUntil(reactor: Reactor, answer: Promise<number>): Promise<number> {
  let isThere = false;
  const done = answer.finally(() => {
    isThere = true;
  });
  const endMs = performance.now() + TIMEOUT_MS / 2;
  while (!isThere) {
    if (performance.now() > endMs) throw new Error('Nobody answered in time');
    reactor.turn(TURN_MS);
    await sleep(0);
  }
  return done;
}

/** One program waits, and is asleep for all that can be known of another process. */
async function sleepIn(reactor: Reactor, waiter: TestPeer): Promise<{ readonly answer: Promise<number> }> {
  const answer = waiter.ask('await 0');
  await runUntil(
    reactor,
    sleep(100).then(() => 0),
  );
  return { answer };
}

test(
  'a signal of the host wakes who waits in the guest by itself',
  async () => {
    const { guest, fences, word, id } = await share('apart');
    const answer = guest.ask('await 0');
    await sleep(100);
    Atomics.store(word.words, 0, 1);
    // Nothing else is looked at meanwhile.
    fences.signalled(id);
    expect(await answer).toBeGreaterThanOrEqual(0);
  },
  TIMEOUT_MS,
);

describe.each(['shared', 'apart'] as const)('where the word is %s', (mode) => {
  test.each([
    ['the server wakes the program', 'guest', 'server'],
    ['the program wakes the server', 'server', 'guest'],
  ] as const)(
    '%s',
    async (_, sleeper, waker) => {
      const parts = await share(mode);
      const { answer } = await sleepIn(parts.reactor, parts[sleeper]);
      await parts[waker].ask('fire 0');
      expect(await runUntil(parts.reactor, answer)).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  test(
    'each wakes the other again and again',
    async () => {
      const ROUNDS = 50;
      const parts = await share(mode);
      for (let round = 0; round < ROUNDS; round += 1) {
        const [sleeper, waker] = round % 2 === 0 ? [parts.guest, parts.server] : [parts.server, parts.guest];
        const answer = sleeper.ask('await 0');
        await runUntil(parts.reactor, waker.ask('fire 0'));
        await runUntil(parts.reactor, answer);
        await parts.guest.ask('reset 0');
        await parts.server.ask('reset 0');
      }
    },
    TIMEOUT_MS,
  );

  test(
    'a number whose fence was destroyed is that of the next one',
    async () => {
      const parts = connect(mode);
      const files = use(new TestWords(2));
      const [first, second] = files.paths as [string, string];
      parts.fences.import(FENCE, openSync(first, 'r+'));
      parts.fences.destroy(FENCE);
      const { id } = parts.fences.import(FENCE, openSync(second, 'r+'));
      parts.channel.send(Buffer.from('a request'), [{ id, type: 5 }]);
      const [theirs] = (receiveMessage(parts.server, Buffer.alloc(64))?.descriptors ?? []) as [number];
      useDescriptor(theirs);
      const guest = use(await TestPeer.start(files.paths, PROGRAM));
      const server = use(await TestPeer.start([`/proc/${process.pid}/fd/${theirs}`], PROGRAM));
      const answer = guest.ask('await 1');
      await runUntil(parts.reactor, server.ask('fire 0'));
      expect(await runUntil(parts.reactor, answer)).toBeGreaterThanOrEqual(0);
    },
    TIMEOUT_MS,
  );
});
