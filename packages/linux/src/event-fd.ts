import { closeSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';

// bits/eventfd.h
const EFD_CLOEXEC_NONBLOCK = 0o2004000;

const native = {
  eventfd: libcFunction('int eventfd(unsigned int value, int flags)'),
  read: libcFunction('int eventfd_read(int fd, void *value)'),
  write: libcFunction('int eventfd_write(int fd, uint64_t value)'),
};

/** eventfd(2): a descriptor that is readable from a signal on until it is cleared. OWNERSHIP: disposal closes it. */
export class EventFd implements Disposable {
  readonly fd = checked('eventfd', native.eventfd(0, EFD_CLOEXEC_NONBLOCK));
  readonly #value = Buffer.alloc(8);

  signal(): void {
    checked('eventfd_write', native.write(this.fd, 1));
  }

  clear(): void {
    // It fails where nothing was signalled, which is what is wanted.
    native.read(this.fd, this.#value);
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
