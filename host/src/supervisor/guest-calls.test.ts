import { expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { errorTrailers, framed, GRPC_STATUS, statusTrailers } from '@muvm/grpc';
import { Deferred } from '@muvm/lifetime';
import { GuestStatus, LIMITS } from '@muvm/protocol/contract';
import { guestStatus, releaseGuestFiles, setGuestClock, setGuestMemoryPressure, shutDownGuest } from './guest-calls.ts';
import { IdleWatch } from './idle-watch.ts';
import { type Answer, answering, startTestGuest } from './test-guest.ts';

const OK = statusTrailers(GRPC_STATUS.OK);
const FAILED = errorTrailers(new MuvmError('INTERNAL', '“disk” is full'), GRPC_STATUS.INTERNAL);
const TIMEOUT_MS = 5000;

async function statusOf(answer: Answer): Promise<GuestStatus> {
  await using guest = await startTestGuest(answer);
  return await guestStatus(guest.rpc, TIMEOUT_MS);
}

test('guestStatus() returns the status that the guest sends', async () => {
  const sent = GuestStatus.fromPartial({ kernelRelease: '6.12', detachedCommands: 3 });
  expect(await statusOf(answering(framed(GuestStatus.encode(sent).finish()), OK))).toEqual(sent);
});

test.each([
  ['Status', guestStatus],
  ['SetClock', setGuestClock],
  ['SetMemoryPressure', (rpc, timeoutMs) => setGuestMemoryPressure(rpc, 1, timeoutMs)],
  ['ReleaseFiles', (rpc, timeoutMs) => releaseGuestFiles(rpc, true, timeoutMs)],
  ['Shutdown', (rpc, timeoutMs) => shutDownGuest(rpc, 0, timeoutMs)],
] satisfies [string, typeof guestStatus | typeof setGuestClock][])(
  'a failed %s carries the code and the message of the guest',
  async (method, call) => {
    await using guest = await startTestGuest(answering(Buffer.alloc(0), FAILED));
    await expect(call(guest.rpc, TIMEOUT_MS)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: `Cannot call "${method}": guest returned 13 (INTERNAL): “disk” is full`,
      cause: { code: 13, message: '“disk” is full' },
    });
  },
);

test('a VM whose guest fails its Status is not idle', async () => {
  await using guest = await startTestGuest(answering(Buffer.alloc(0), FAILED));
  const outcome = new Deferred<string>();
  using watch = new IdleWatch({
    lingerMs: 0,
    countDetached: async () => (await guestStatus(guest.rpc, TIMEOUT_MS)).detachedCommands,
    onUnknown: (reason) => outcome.resolve(reason),
    onIdle: () => outcome.resolve('idle'),
    onSilent: () => outcome.resolve('silent'),
  });
  watch.begin();
  watch.end();
  expect(await outcome.promise).toBe('Cannot call "Status": guest returned 13 (INTERNAL): “disk” is full');
});

test('guestStatus() refuses a reply of more than 64 KiB', async () => {
  const status = GuestStatus.encode(GuestStatus.fromPartial({ kernelRelease: 'x'.repeat(LIMITS.replyBytes) })).finish();
  await expect(statusOf(answering(framed(status), OK))).rejects.toMatchObject({
    code: 'PROTOCOL',
    message: expect.stringMatching(/^Cannot read a gRPC message of 655\d\d bytes: expected at most 65536$/),
  });
});

test.each([
  ['a message that is cut off', Buffer.from([0x0a, 0x7f, 0x41])],
  ['an unknown wire type', Buffer.from([0x0f])],
  ['groups within groups to the limit', Buffer.alloc(LIMITS.replyBytes, 0x0b)],
  ['a number beyond 2^53', Buffer.from([0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])],
])('guestStatus() fails with one error on %s', async (_what, message) => {
  await expect(statusOf(answering(framed(message), OK))).rejects.toMatchObject({
    code: 'PROTOCOL',
    message: expect.stringMatching(/^Cannot read the reply to "Status": .{1,200}$/),
  });
});

test('guestStatus() survives random bytes as its message', async () => {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647);
  for (let round = 0; round < 50; round += 1) {
    const message = Buffer.from(Array.from({ length: random() % 64 }, () => random() % 256));
    const outcome = await statusOf(answering(framed(message), OK)).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'PROTOCOL' });
    else expect(outcome).toHaveProperty('detachedCommands');
  }
});

test('guestStatus() fails with VM_ENDED without a connection', async () => {
  const rpc = { up: Promise.resolve(), request: () => undefined, cancel: () => {} };
  await expect(guestStatus(rpc, TIMEOUT_MS)).rejects.toMatchObject({
    code: 'VM_ENDED',
    message: 'Cannot call "Status": no connection to the guest',
  });
});
