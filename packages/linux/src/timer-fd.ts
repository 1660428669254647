import { closeSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';

// linux/time.h, bits/timerfd.h
const CLOCK_MONOTONIC = 1;
const TFD_CLOEXEC_NONBLOCK = 0o2004000;
// struct itimerspec: 0 i64 interval seconds · 8 i64 nanoseconds · 16 i64 first seconds · 24 i64 nanoseconds
const ITIMERSPEC_BYTES = 32;
const NS_OF_MS = 1_000_000;

const native = {
  create: libcFunction('int timerfd_create(int clock, int flags)'),
  set: libcFunction('int timerfd_settime(int fd, int flags, void *wanted, void *before)'),
  read: libcFunction('int64_t read(int fd, void *bytes, size_t length)'),
};

/** timerfd_create(2): a descriptor that is readable from each tick on until it is cleared. OWNERSHIP: disposal closes it. */
export class TimerFd implements Disposable {
  readonly fd = checked('timerfd_create', native.create(CLOCK_MONOTONIC, TFD_CLOEXEC_NONBLOCK));
  readonly #expirations = Buffer.alloc(8);
  #intervalMs = 0;

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Ticks every so often, below a second, from now on; 0 stops it. No system call where that is so already. */
  setInterval(intervalMs: number): void {
    if (intervalMs === this.#intervalMs) return;
    const wanted = Buffer.alloc(ITIMERSPEC_BYTES);
    wanted.writeBigInt64LE(BigInt(intervalMs * NS_OF_MS), 8);
    wanted.writeBigInt64LE(BigInt(intervalMs * NS_OF_MS), 24);
    checked('timerfd_settime', native.set(this.fd, 0, wanted, null));
    this.#intervalMs = intervalMs;
  }

  clear(): void {
    // It fails where no tick was, which is what is wanted.
    native.read(this.fd, this.#expirations, this.#expirations.length);
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
