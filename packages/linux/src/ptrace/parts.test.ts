import { describe, expect, test } from '@jest/globals';
import { ARCHITECTURES, type Architecture } from './architecture.ts';
import { decodeStop } from './await-stop.ts';
import { searchCode } from './find-instruction.ts';
import { parseMapping, readMappings } from './mappings.ts';
import { parseStatus, threadStatus } from './process-facts.ts';
import { findReason } from './refusal.ts';
import { callRegisters, resultOf } from './registers.ts';

const rowOf = (name: string) => ARCHITECTURES[name] as Architecture;

describe.each(Object.keys(ARCHITECTURES))('the registers of %s', (name) => {
  const architecture = rowOf(name);
  const { registersBytes, programCounter, callNumber, callArguments } = architecture;
  const before = Buffer.from(Array.from({ length: registersBytes }, (_, index) => index & 0xff));

  test('for a call have its number and arguments, and no other is changed but what it must be', () => {
    const after = callRegisters(before, 0x1234n, 57, [1, -1, 3n], architecture);
    expect(after.readBigUInt64LE(programCounter)).toBe(0x1234n);
    expect(after.readBigUInt64LE(callNumber)).toBe(57n);
    expect(callArguments.slice(0, 3).map((offset) => after.readBigInt64LE(offset))).toEqual([1n, -1n, 3n]);
    const changed = [...after.keys()].filter((index) => after[index] !== before[index]).map((index) => index & ~7);
    const meant = [programCounter, callNumber, ...callArguments.slice(0, 3)];
    if ('offset' in architecture.interruptedCall) meant.push(architecture.interruptedCall.offset);
    if (architecture.clear) meant.push(architecture.clear.offset);
    expect(new Set(changed)).toEqual(new Set(meant));
  });

  test('lie within them, each at a place of its own', () => {
    const offsets = [programCounter, callNumber, ...callArguments];
    expect(new Set(offsets).size).toBe(offsets.length);
    for (const offset of offsets) expect(offset % 8 === 0 && offset + 8 <= registersBytes).toBe(true);
  });

  test('have the result, or minus the error', () => {
    const registers = Buffer.alloc(registersBytes);
    registers.writeBigInt64LE(-13n, architecture.callResult);
    expect(resultOf(registers, architecture)).toBe(-13n);
  });

  test('searchCode() finds the instruction, at its alignment alone', () => {
    const { instruction, instructionAlignment } = architecture;
    const code = Buffer.concat([Buffer.alloc(8), instruction, Buffer.alloc(3)]);
    expect(searchCode(code, architecture)).toBe(8);
    expect(searchCode(code.subarray(1), architecture)).toBe(instructionAlignment === 1 ? 7 : undefined);
    expect(searchCode(Buffer.alloc(64), architecture)).toBeUndefined();
  });
});

test('on aarch64 a jump needs no landing pad', () => {
  const before = Buffer.alloc(rowOf('arm64').registersBytes, 0xff);
  const after = callRegisters(before, 0n, 0, [], rowOf('arm64'));
  expect(after.readBigUInt64LE(264)).toBe(0xffff_ffff_ffff_f3ffn);
});

test.each([
  [0x0080_057f, { kind: 'told' }],
  [0x0080_137f, { kind: 'told' }],
  [0x0000_857f, { kind: 'call' }],
  [0x0000_0a7f, { kind: 'signal', signal: 10 }],
  [0x0000_057f, { kind: 'signal', signal: 5 }],
  [0x0000_0009, { kind: 'gone' }],
  [0x0000_0100, { kind: 'gone' }],
])('decodeStop(%i) is %j', (status, stop) => expect(decodeStop(status)).toEqual(stop));

describe('parseMapping()', () => {
  test('reads files, deleted ones, and what has no name', () => {
    expect(parseMapping('7f00a000-7f00b000 rw-s 00002000 00:1f 4711   /memfd:xshmfence (deleted)')).toEqual({
      start: 0x7f00a000n,
      end: 0x7f00b000n,
      permissions: 'rw-s',
      offset: 0x2000n,
      device: { major: 0, minor: 0x1f },
      inode: 4711n,
      name: '/memfd:xshmfence (deleted)',
    });
    expect(parseMapping('7ffc0000-7ffd0000 rw-p 00000000 00:00 0 ')).toMatchObject({ name: '', inode: 0n });
    expect(parseMapping('ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]')).toMatchObject({
      start: 0xffff_ffff_ff60_0000n,
      name: '[vsyscall]',
    });
  });

  test('refuses what is none', () =>
    expect(() => parseMapping('7f00a000')).toThrow('Cannot read "7f00a000" as a mapping'));
});

test('readMappings() finds those of this process by a part of their line', () => {
  const found = readMappings(process.pid, process.pid, '[stack]');
  expect(found).toEqual([expect.objectContaining({ name: '[stack]', permissions: expect.stringMatching(/^rw/) })]);
});

test('parseStatus() reads what the kernel says of this thread', () => {
  const uid = process.geteuid?.();
  expect(threadStatus(process.pid)).toMatchObject({ uid, tracer: 0, state: expect.stringMatching(/[RS]/) });
  expect(threadStatus(process.pid, 1)).toBeUndefined();
  const text =
    'Name:\tsome name\nState:\tt (tracing stop)\nTracerPid:\t12\nUid:\t1\t1000\t1\t1\nSigPnd:\t0000000040000000\n';
  expect(parseStatus(`${text}SigBlk:\t0000000000000001\nSigIgn:\t0000000000001000\nSeccomp:\t2\n`)).toEqual({
    name: 'some name',
    state: 't',
    tracer: 12,
    uid: 1000,
    seccomp: 2,
    pending: 1n << 30n,
    blocked: 1n,
    ignored: 0x1000n,
  });
});

describe('findReason()', () => {
  const status = { ...parseStatus(''), uid: 1000 };
  const cause = Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'ptrace' });
  const own = { uid: 1000, scope: '0' };

  test.each([
    [{ ...status, tracer: 4_194_304 }, own, 'process 4194304 traces it already'],
    [status, { uid: 1001, scope: '1' }, 'it belongs to user 1000 and not to user 1001'],
    [status, { ...own, scope: '1' }, '"/proc/sys/kernel/yama/ptrace_scope" is 1 and must be 0'],
    [status, { uid: 0, scope: '3' }, '"/proc/sys/kernel/yama/ptrace_scope" is 3 and must be 0'],
    [status, own, 'the kernel does not let it be traced (operation not permitted)'],
  ])('of %j for %j is that %s', (facts, surroundings, reason) => {
    expect(findReason(facts, cause, surroundings)).toEqual({ reason, hint: expect.stringMatching(/^[A-Z].*\.$/) });
  });
});
