/**
 * The waiting side of test/vm/gpu.test.ts, on the host.
 *
 *     node futex-wait.cjs FILE       waits for the futex in the first word of a file, and prints why it went on
 */
import { openSync } from 'node:fs';
import { lastErrno, libcFunction, mapShared } from '@muvm/linux';
import { PAGE_BYTES } from './dance.ts';

// asm/unistd.h, linux/futex.h
const SYS_FUTEX = process.arch === 'x64' ? 202 : 98;
const FUTEX_WAIT = 0;

const TIMEOUT_SECONDS = 120n;

const syscall = libcFunction('long syscall(long number, uintptr_t word, int operation, uint32_t value, void *timeout)');

const memory = mapShared(openSync(process.argv[2] as string, 'r+'), PAGE_BYTES);
// struct timespec: 0 i64 seconds · 8 i64 nanoseconds
const timeout = Buffer.alloc(16);
timeout.writeBigInt64LE(TIMEOUT_SECONDS, 0);
console.log('waits');
const result = syscall(SYS_FUTEX, memory.address, FUTEX_WAIT, memory.bytes.readUInt32LE(0), timeout);
console.log(result === 0 ? 'woken' : `went on with errno ${lastErrno()}`);
