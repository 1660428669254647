/** A system call that a stopped thread can be made to do. */
export type RemoteCall = 'mmap' | 'munmap' | 'close' | 'dup3' | 'socketpair' | 'recvmsg';

/** What tracing has to know of a processor. Offsets are bytes in the registers of NT_PRSTATUS, each of 8 bytes. */
export interface Architecture {
  readonly registersBytes: number;
  readonly programCounter: number;
  readonly callNumber: number;
  readonly callArguments: readonly number[];
  readonly callResult: number;
  /** Where the number of the call is that the kernel may restart, -1 for none: a register, or a set of its own. */
  readonly interruptedCall: { readonly offset: number } | { readonly set: number };
  /** Bits of a register that must not be set where a thread is made to jump. */
  readonly clear: { readonly offset: number; readonly bits: bigint } | undefined;
  /** The instruction for a system call, and the multiple of bytes that it lies at. */
  readonly instruction: Buffer;
  readonly instructionAlignment: number;
  readonly calls: Readonly<Record<RemoteCall, number>>;
  /** tgkill(2), which is called here and not in the thread. */
  readonly tgkill: number;
}

/** struct user_regs_struct of sys/user.h, asm/unistd_64.h, syscall(2). */
const X86_64: Architecture = {
  registersBytes: 216,
  programCounter: 128,
  callNumber: 80,
  // rdi, rsi, rdx, r10, r8, r9
  callArguments: [112, 104, 96, 56, 72, 64],
  callResult: 80,
  interruptedCall: { offset: 120 },
  clear: undefined,
  instruction: Buffer.from([0x0f, 0x05]),
  instructionAlignment: 1,
  calls: { mmap: 9, munmap: 11, close: 3, dup3: 292, socketpair: 53, recvmsg: 47 },
  tgkill: 234,
};

/**
 * struct user_pt_regs of asm/ptrace.h (x0 to x30, sp, pc, pstate), asm-generic/unistd.h, syscall(2); NT_ARM_SYSTEM_CALL
 * of linux/elf.h. The bits are PSTATE.BTYPE, which would make the jump one that needs a landing pad.
 */
const AARCH64: Architecture = {
  registersBytes: 272,
  programCounter: 256,
  callNumber: 64,
  callArguments: [0, 8, 16, 24, 32, 40],
  callResult: 0,
  interruptedCall: { set: 0x404 },
  clear: { offset: 264, bits: 0xc00n },
  // svc #0
  instruction: Buffer.from([0x01, 0x00, 0x00, 0xd4]),
  instructionAlignment: 4,
  calls: { mmap: 222, munmap: 215, close: 57, dup3: 24, socketpair: 199, recvmsg: 212 },
  tgkill: 131,
};

/** THE TABLE. No test runs the row of aarch64; an emulated machine has. */
export const ARCHITECTURES: Readonly<Record<string, Architecture>> = { x64: X86_64, arm64: AARCH64 };

/** The row of the processor that this runs on. @throws RangeError */
export function thisArchitecture(): Architecture {
  const known = ARCHITECTURES[process.arch];
  if (known === undefined) throw new RangeError(`Cannot trace on the architecture "${process.arch}"`);
  return known;
}
