import { expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import type { GuestRpc } from '../driver/index.ts';
import { CallGate } from './call-gate.ts';

const RPC = {} as GuestRpc;
const STOPPED = new MuvmError('VM_ENDED', 'stopped');
const GONE = new MuvmError('NOT_RUNNING', 'gone');

test('CallGate lets calls through that waited for it, and those that come later', async () => {
  const gate = new CallGate();
  const early = gate.pass();
  gate.open(RPC);
  expect(await early).toBe(RPC);
  expect(await gate.pass()).toBe(RPC);
});

test('CallGate tells calls that waited another reason than those that come too late', async () => {
  const gate = new CallGate();
  const early = gate.pass();
  gate.close(STOPPED, GONE);
  await expect(early).rejects.toBe(STOPPED);
  await expect(gate.pass()).rejects.toBe(GONE);
  expect(await gate.closed).toBe(STOPPED);
});

test('CallGate keeps its first reason, and closes after it was open', async () => {
  const gate = new CallGate();
  gate.open(RPC);
  gate.close(STOPPED);
  gate.close(GONE);
  await expect(gate.pass()).rejects.toBe(STOPPED);
  expect(await gate.closed).toBe(STOPPED);
});
