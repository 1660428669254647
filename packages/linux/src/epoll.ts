import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { checked, lastErrno, libcFunction } from './libc.ts';

/** Events of epoll(7), from linux/eventpoll.h. */
export const EPOLL_EVENTS = { in: 0x001, out: 0x004, error: 0x008, hangUp: 0x010 } as const;

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;

/** struct epoll_event: u32 events, u64 data; without a gap between on x86-64 alone. */
const EVENT = process.arch === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };

/** What is told at a time. */
const EVENTS_MAX = 64;

const native = {
  create: libcFunction('int epoll_create1(int flags)'),
  control: libcFunction('int epoll_ctl(int epoll, int operation, int fd, void *event)'),
  wait: libcFunction('int epoll_wait(int epoll, void *events, int count, int timeoutMs)'),
};

/** What is true of a descriptor. */
export interface EpollEvent {
  readonly fd: number;
  /** Sum of {@link EPOLL_EVENTS}. */
  readonly events: number;
}

/** Waits for many descriptors at once, blocking the thread. Level-triggered. Disposal closes it, and none of them. */
export class Epoll implements Disposable {
  /** Readable when {@link wait} has something to tell. */
  readonly fd = checked('epoll_create1', native.create(EPOLL_CLOEXEC));
  readonly #events = Buffer.alloc(EVENTS_MAX * EVENT.bytes);
  readonly #request = Buffer.alloc(EVENT.bytes);

  /** @param events sum of {@link EPOLL_EVENTS}; errors and a hang-up are told unasked */
  add(fd: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events);
  }

  change(fd: number, events: number): void {
    this.#control(EPOLL_CTL_MOD, fd, events);
  }

  remove(fd: number): void {
    this.#control(EPOLL_CTL_DEL, fd, 0);
  }

  #control(operation: number, fd: number, events: number): void {
    this.#request.writeUInt32LE(events, 0);
    this.#request.writeInt32LE(fd, EVENT.data);
    checked('epoll_ctl', native.control(this.fd, operation, fd, this.#request));
  }

  /** @param timeoutMs undefined: for ever @returns none where nothing is true in time, or a signal came */
  wait(timeoutMs?: number): EpollEvent[] {
    const count = native.wait(this.fd, this.#events, EVENTS_MAX, timeoutMs === undefined ? -1 : Math.ceil(timeoutMs));
    if (count < 0 && lastErrno() === constants.errno.EINTR) return [];
    return Array.from({ length: checked('epoll_wait', count) }, (_, index) => ({
      fd: this.#events.readInt32LE(index * EVENT.bytes + EVENT.data),
      events: this.#events.readUInt32LE(index * EVENT.bytes),
    }));
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
