import { checked, lastErrno, libcFunction } from '../libc.ts';

// asm-generic/unistd.h; newer than the split of numbers, so x86-64 has the same.
const SYS_IO_URING_SETUP = 425;
const SYS_IO_URING_ENTER = 426;
const SYS_IO_URING_REGISTER = 427;
// linux/io_uring.h
const IORING_ENTER_GETEVENTS = 1 << 0;
const IORING_REGISTER_EVENTFD = 4;
const IORING_REGISTER_PROBE = 8;
const IO_URING_OP_SUPPORTED = 1 << 0;
/** struct io_uring_probe: 0 u8 last opcode · 16 entries of 8 bytes, each 0 u8 opcode · 2 u16 flags */
const PROBE_ENTRIES = 256;
const PROBE_HEAD_BYTES = 16;
const PROBE_ENTRY_BYTES = 8;
// linux/signal.h: the kernel's own sigset_t
const SIGSET_BYTES = 8;

const native = {
  setup: libcFunction('long syscall(long number, unsigned int entries, void *params)'),
  enter: libcFunction(
    'long syscall(long number, int fd, unsigned int count, unsigned int least, unsigned int flags, void *signals, size_t bytes)',
  ),
  register: libcFunction('long syscall(long number, int fd, unsigned int what, void *argument, unsigned int count)'),
};

/** io_uring_setup(2). `params` is struct io_uring_params, and is filled. OWNERSHIP: the caller closes it. */
export function setUpRing(entries: number, params: Buffer): number {
  return checked('io_uring_setup', native.setup(SYS_IO_URING_SETUP, entries, params));
}

/**
 * io_uring_enter(2): hands over `count` requests and runs what the kernel has left to do in this thread.
 *
 * @returns the errno, or 0
 */
export function enterRing(fd: number, count: number): number {
  const entered = native.enter(SYS_IO_URING_ENTER, fd, count, 0, IORING_ENTER_GETEVENTS, null, SIGSET_BYTES);
  return entered < 0 ? lastErrno() : 0;
}

/** From now on `eventFd` is signalled whenever there may be completions. */
export function registerEventFd(fd: number, eventFd: number): void {
  const argument = Buffer.alloc(4);
  argument.writeInt32LE(eventFd);
  const registered = native.register(SYS_IO_URING_REGISTER, fd, IORING_REGISTER_EVENTFD, argument, 1);
  checked('io_uring_register', registered);
}

export function isOpcodeSupported(fd: number, opcode: number): boolean {
  const probe = Buffer.alloc(PROBE_HEAD_BYTES + PROBE_ENTRIES * PROBE_ENTRY_BYTES);
  const registered = native.register(SYS_IO_URING_REGISTER, fd, IORING_REGISTER_PROBE, probe, PROBE_ENTRIES);
  checked('io_uring_register', registered);
  const flags = probe.readUInt16LE(PROBE_HEAD_BYTES + opcode * PROBE_ENTRY_BYTES + 2);
  return opcode <= probe.readUInt8(0) && (flags & IO_URING_OP_SUPPORTED) !== 0;
}
