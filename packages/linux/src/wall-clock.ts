import { checked, libcFunction } from './libc.ts';

// linux/time.h
const CLOCK_REALTIME = 0;
// struct timespec: 0 i64 seconds · 8 i64 nanoseconds
const TIMESPEC_BYTES = 16;

const clockSettime = libcFunction('int clock_settime(int clock, void *time)');

/** clock_settime(2) of the wall clock, to milliseconds since 1970. @throws a system error without the right to do so */
export function setWallClock(unixMs: number): void {
  const seconds = Math.floor(unixMs / 1000);
  const timespec = Buffer.alloc(TIMESPEC_BYTES);
  timespec.writeBigInt64LE(BigInt(seconds), 0);
  timespec.writeBigInt64LE(BigInt(Math.floor((unixMs - seconds * 1000) * 1e6)), 8);
  checked('clock_settime', clockSettime(CLOCK_REALTIME, timespec));
}
