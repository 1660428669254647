/** A filter of system calls like those of sandboxes, seccomp(2), for every thread there is. */
import { checked, libcFunction, loadKoffi } from '../../packages/linux/src/index.ts';

// linux/prctl.h, linux/seccomp.h, linux/bpf_common.h
const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_SET_MODE_FILTER = 1;
const SECCOMP_FILTER_FLAG_TSYNC = 1;
// asm/unistd_64.h, asm-generic/unistd.h
const SYS_SECCOMP = process.arch === 'arm64' ? 277 : 317;
const ACTIONS = { refuse: 0x0005_0000 | 1, trap: 0x0003_0000 } as const;
const ALLOW = 0x7fff_0000;
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

const native = {
  prctl: libcFunction(
    'int prctl(int option, unsigned long one, uintptr_t two, unsigned long three, unsigned long four)',
  ),
  seccomp: libcFunction('long syscall(long number, unsigned int operation, unsigned int flags, void *program)'),
};

/** struct sock_filter: 0 u16 code · 2 u8 jump if true · 3 u8 jump if false · 4 u32 operand */
function instruction(code: number, operand: number, ifFalse = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}

/** From now on a call fails with EPERM, or is answered with the signal SIGSYS. */
export function filterCall(call: number, action: keyof typeof ACTIONS): number {
  const program = Buffer.concat([
    instruction(LOAD_WORD, 0),
    instruction(JUMP_IF_EQUAL, call, 1),
    instruction(RETURN, ACTIONS[action]),
    instruction(RETURN, ALLOW),
  ]);
  // struct sock_fprog: 0 u16 count · 8 u64 address
  const whole = Buffer.alloc(16);
  whole.writeUInt16LE(program.length / 8, 0);
  whole.writeBigUInt64LE(loadKoffi().address(program), 8);
  checked('prctl', native.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  checked('seccomp', native.seccomp(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, whole));
  return call;
}
