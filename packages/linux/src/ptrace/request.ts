import { loadKoffi } from '../koffi.ts';
import { checked, libcFunction } from '../libc.ts';

/** linux/ptrace.h; the same on x86-64 and aarch64. */
const REQUEST = {
  resume: 7,
  detach: 17,
  resumeToCall: 24,
  getRegisters: 0x4204,
  setRegisters: 0x4205,
  seize: 0x4206,
  interrupt: 0x4207,
  getSignalMask: 0x420a,
  setSignalMask: 0x420b,
} as const;

// PTRACE_O_TRACESYSGOOD. Without PTRACE_O_EXITKILL: a program outlives us.
const OPTIONS = 1;
/** Bytes of the kernel's sigset_t. */
const SIGNAL_MASK_BYTES = 8;
const IOVEC_BYTES = 16;

const native = {
  withNumber: libcFunction('long ptrace(int request, int tid, uintptr_t address, uintptr_t data)'),
  withBuffer: libcFunction('long ptrace(int request, int tid, uintptr_t address, void *data)'),
};

const ask = (request: number, tid: number, data = 0): void =>
  void checked('ptrace', native.withNumber(request, tid, 0, data));

/** Becomes the tracer of a thread, which runs on. @throws a system error */
export const seize = (tid: number): void => ask(REQUEST.seize, tid, OPTIONS);

/** Makes a thread stop, with no signal and whatever its job control says; one that is stopped, after its next resumption. */
export const interrupt = (tid: number): void => ask(REQUEST.interrupt, tid);

/** Lets a stopped thread run, with the signal that it stopped for, or with none. */
export const resume = (tid: number, signal = 0): void => ask(REQUEST.resume, tid, signal);

/** The same to the next entry to or exit from a system call. */
export const resumeToCall = (tid: number): void => ask(REQUEST.resumeToCall, tid);

/** Lets a stopped thread go. @returns whether it was stopped */
export const detach = (tid: number): boolean => native.withNumber(REQUEST.detach, tid, 0, 0) >= 0;

/** One set of registers (linux/elf.h, "NT_"). @returns no more than `capacityBytes`: fewer for a thread of another kind */
export function getRegisters(tid: number, set: number, capacityBytes: number): Buffer {
  const registers = Buffer.alloc(capacityBytes);
  const vector = ioVector(registers);
  checked('ptrace', native.withBuffer(REQUEST.getRegisters, tid, set, vector));
  return registers.subarray(0, Number(vector.readBigUInt64LE(8)));
}

export function setRegisters(tid: number, set: number, registers: Buffer): void {
  checked('ptrace', native.withBuffer(REQUEST.setRegisters, tid, set, ioVector(registers)));
}

/** The signals that a thread blocks; in a call that waits with other ones, those that it comes back to. */
export function getSignalMask(tid: number): Buffer {
  const mask = Buffer.alloc(SIGNAL_MASK_BYTES);
  checked('ptrace', native.withBuffer(REQUEST.getSignalMask, tid, SIGNAL_MASK_BYTES, mask));
  return mask;
}

export function setSignalMask(tid: number, mask: Buffer): void {
  checked('ptrace', native.withBuffer(REQUEST.setSignalMask, tid, SIGNAL_MASK_BYTES, mask));
}

/** struct iovec: 0 u64 address · 8 u64 bytes. OWNERSHIP: `data` must live as long as it is used. */
function ioVector(data: Buffer): Buffer {
  const vector = Buffer.alloc(IOVEC_BYTES);
  vector.writeBigUInt64LE(loadKoffi().address(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  return vector;
}
