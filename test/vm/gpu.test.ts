/**
 * The guest's GPU as it is with a libkrun that has one: its render node, and connections to the host's X server through it
 * that carry bytes, buffers and futexes. Nothing of ours is between, on either side.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { FUTEX_EVERYONE, FUTEX_MASKS, futexWake, mapShared } from '@muvm/linux';
import { CHANNEL_TYPES, IDENTIFIER_TYPES } from '@muvm/virtgpu';
import { clientSetup, parseAuthorities } from '@muvm/x11';
import {
  GPU_LIBRARY,
  gpuSkipReason,
  MessageServer,
  patient,
  programsMissing,
  REPOSITORY,
  type RunningMuvm,
  type SkipReason,
  startXServer,
  useWarmVm,
  type XServer,
} from '../framework/index.ts';
import { PAGE_BYTES } from '../peers/dance.ts';

const skip: SkipReason = gpuSkipReason() ?? programsMissing('Xvfb');
const timeoutMs = 120_000;
const file = `/dev/shm/muvm-test-gpu-${process.pid}`;

let xServer: XServer;
let waiter: ChildProcess | undefined;

beforeAll(async () => {
  xServer = await startXServer();
}, patient(timeoutMs));
afterAll(async () => {
  await xServer[Symbol.asyncDispose]();
});

const vm = useWarmVm(['--libkrun', GPU_LIBRARY ?? '', '--gpu-mode', 'software', '--x11', 'off'], {
  skip,
  options: () => ({ env: { DISPLAY: xServer.env.DISPLAY } }),
});

afterEach(() => {
  waiter?.kill('SIGKILL');
  rmSync(file, { force: true });
});

const peer = (...words: readonly string[]): RunningMuvm =>
  vm.start(['--', process.execPath, join(REPOSITORY, 'dist/peers/virtgpu.cjs'), ...words], { timeoutMs });

/** What the guest's side has found. */
async function found(guest: RunningMuvm): Promise<Record<string, unknown>> {
  const { stdout, errors, status } = await guest.result;
  expect({ errors, status }).toEqual({ errors: '', status: 0 });
  return JSON.parse(stdout);
}

/** A server in the place of the X server, which is gone then. */
async function inPlaceOfXServer(): Promise<MessageServer> {
  await xServer.kill();
  const path = `/tmp/.X11-unix/X${xServer.env.DISPLAY.slice(1)}`;
  rmSync(path, { force: true });
  return new MessageServer(path);
}

/** Waits on the host for a futex in a file: `said` is each line that the process prints. */
function waitForFutex(): { readonly said: () => Promise<unknown> } {
  waiter = spawn(process.execPath, [join(REPOSITORY, 'dist/peers/futex-wait.cjs'), file], { stdio: 'pipe' });
  const lines = createInterface({ input: waiter.stdout as NodeJS.ReadableStream });
  return { said: async () => (await once(lines, 'line'))[0] };
}

describe('the GPU of a machine of libkrun', () => {
  vm.test(
    'has a render node that knows blobs, contexts and cross-domain channels',
    async () => {
      const facts = await found(peer('facts'));
      expect(facts).toMatchObject({
        path: expect.stringMatching(/^\/dev\/dri\/renderD\d+$/),
        parameters: { resourceBlob: 1, hostVisible: 1, contextInit: 1 },
      });
      expect((facts['channels'] as number) & (1 << CHANNEL_TYPES.x11)).not.toBe(0);
    },
    { timeoutMs },
  );

  vm.test(
    'makes memory that is a dma-buf',
    async () => {
      expect(await found(peer('objects'))).toEqual({
        text: 'the same memory',
        isSameHandle: true,
        isSameResource: true,
        sizeBytes: PAGE_BYTES,
        closed: 'GEM_CLOSE EINVAL',
        notOurs: 'PRIME_FD_TO_HANDLE EINVAL',
        event: false,
      });
    },
    { timeoutMs },
  );

  vm.test(
    'leads to the X server of the host',
    async () => {
      const [authority] = parseAuthorities(readFileSync(xServer.env.XAUTHORITY));
      const { hex } = await found(peer('x11', clientSetup(authority).toString('hex')));
      // 0 u8 success · 2 u16 major version · 6 u16 words that follow
      const reply = Buffer.from(hex as string, 'hex');
      expect([reply[0], reply.readUInt16LE(2), reply.length]).toEqual([1, 11, 8 + 4 * reply.readUInt16LE(6)]);
    },
    { timeoutMs },
  );

  vm.test(
    'carries buffers of the host to the guest and back, and they stay the same memory',
    async () => {
      using server = await inPlaceOfXServer();
      const fd = openSync(file, 'wx+');
      ftruncateSync(fd, PAGE_BYTES);
      writeSync(fd, 'from the host');
      const guest = peer('buffer');
      expect(await server.receive()).toEqual({ text: 'give', descriptors: [] });
      server.send('take', [fd]);
      const { text, descriptors } = await server.receive();
      const [back] = descriptors as readonly [number];
      expect([text, fstatSync(back).ino]).toEqual(['back', fstatSync(fd).ino]);
      expect(readFileSync(file).toString('latin1', 0, 14)).toBe('from the guest');
      closeSync(fd);
      server[Symbol.dispose]();
      expect(await found(guest)).toEqual({
        said: 'take',
        identifiers: [{ id: expect.any(Number), type: IDENTIFIER_TYPES.blob, sizeBytes: PAGE_BYTES }],
        text: 'from the host',
        end: 0,
      });
    },
    { timeoutMs },
  );

  vm.test(
    'carries wakes of a futex both ways',
    async () => {
      using server = await inPlaceOfXServer();
      const guest = peer('fence', file);
      const { text, descriptors } = await server.receive();
      const [fd] = descriptors as readonly [number];
      expect([text, fstatSync(fd).ino]).toEqual(['fence', statSync(file).ino]);
      const { said } = waitForFutex();
      expect(await said()).toBe('waits');
      server.send('waits');
      expect(await said()).toBe('woken');
      server.send('woken');
      using memory = mapShared(fd, PAGE_BYTES);
      Atomics.store(memory.words, 0, 1);
      expect(futexWake(memory.address, FUTEX_EVERYONE, FUTEX_MASKS.program)).toBeGreaterThan(0);
      expect(await server.receive()).toEqual({ text: 'destroyed', descriptors: [] });
      server.send('end');
      expect(await found(guest)).toEqual({
        fsId: '1',
        waits: 'waits',
        first: 7,
        woken: 'woken',
        second: 7,
        word: 1,
        end: 'end',
        // The host tears a futex down by a change of its word.
        wordAtEnd: ~1,
      });
    },
    { timeoutMs },
  );
});
