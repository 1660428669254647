import { MuvmError } from '@muvm/errors';
import { type Architecture, thisArchitecture } from './architecture.ts';
import { processName } from './refusal.ts';
import { getRegisters, setRegisters } from './request.ts';

/** linux/elf.h: the general registers. */
export const NT_PRSTATUS = 1;

/** The greatest set of registers of any kind of thread on these processors. */
const REGISTERS_BYTES_MAX = 272;
/** What stands for "no system call" where its number is. */
const NO_CALL = -1;

/** The registers of a thread that is about to make a system call, by the instruction at an address. */
export function callRegisters(
  from: Buffer,
  instruction: bigint,
  call: number,
  args: readonly (number | bigint)[],
  architecture: Architecture = thisArchitecture(),
): Buffer {
  const { programCounter, callNumber, callArguments, interruptedCall, clear } = architecture;
  if (args.length > callArguments.length) throw new RangeError(`Cannot pass ${args.length} words to a system call`);
  const registers = Buffer.from(from);
  const write = (offset: number, value: bigint) => registers.writeBigUInt64LE(BigInt.asUintN(64, value), offset);
  write(programCounter, instruction);
  write(callNumber, BigInt(call));
  for (const [index, value] of args.entries()) write(callArguments[index] as number, BigInt(value));
  // Else the kernel would take ours for a call that a signal has interrupted, and begin it once more.
  if ('offset' in interruptedCall) write(interruptedCall.offset, BigInt(NO_CALL));
  if (clear !== undefined) write(clear.offset, registers.readBigUInt64LE(clear.offset) & ~clear.bits);
  return registers;
}

/** The same where that number is not among the general registers. */
export function forgetInterruptedCall(tid: number): void {
  const { interruptedCall } = thisArchitecture();
  if (!('set' in interruptedCall)) return;
  const number = Buffer.alloc(4);
  number.writeInt32LE(NO_CALL);
  setRegisters(tid, interruptedCall.set, number);
}

/**
 * Whether the kernel shows a thread that it interrupted in a system call as one that is about to make it, and keeps to itself
 * whether that is to be a restart with the time that is left (restart_syscall(2)). On x86-64 the registers tell.
 */
export function hidesRestart(): boolean {
  return 'set' in thisArchitecture().interruptedCall;
}

/** What a system call has returned: minus the error number, or 0 or more. */
export function resultOf(registers: Buffer, { callResult }: Architecture = thisArchitecture()): bigint {
  return registers.readBigInt64LE(callResult);
}

/**
 * The thread to make calls in: one that runs code of this processor itself, and one that waits in a system call if there is
 * any: it cannot be in a restartable sequence (rseq(2)), whose protection would be lost.
 *
 * @throws {MuvmError} where none does, as of a 32-bit program
 */
export function chooseThread(pid: number, tids: readonly number[]): number {
  const { registersBytes } = thisArchitecture();
  const fit = tids
    .map((tid) => ({ tid, registers: getRegisters(tid, NT_PRSTATUS, REGISTERS_BYTES_MAX) }))
    .filter(({ registers }) => registers.length === registersBytes);
  const chosen = fit.find(({ registers }) => waitsInCall(registers)) ?? fit[0];
  if (chosen !== undefined) return chosen.tid;
  throw new MuvmError('SYSTEM', `Cannot make system calls in ${processName(pid)} as it is a 32-bit program`, {
    hint: 'Run the 64-bit version of the program.',
  });
}

function waitsInCall(registers: Buffer): boolean {
  const { interruptedCall } = thisArchitecture();
  return 'offset' in interruptedCall && registers.readBigInt64LE(interruptedCall.offset) >= 0n;
}
