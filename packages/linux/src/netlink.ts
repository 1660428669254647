import { closeSync, readSync } from 'node:fs';
import { checked, libcFunction, systemError } from './libc.ts';
import { POLL_EVENTS, pollFor } from './poll.ts';

// linux/socket.h, linux/netlink.h
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 0o2000003;
const NETLINK_ROUTE = 0;
const NLMSG_ERROR = 2;

/** struct nlmsghdr: 0 u32 length · 4 u16 type · 6 u16 flags · 8 u32 sequence · 12 u32 port. struct nlmsgerr follows: 16 i32 error */
const TYPE_OFFSET = 4;
const ERROR_OFFSET = 16;
const ACKNOWLEDGEMENT_BYTES_MIN = 20;

const ANSWER_BYTES_MAX = 8192;
// The kernel answers before send(2) returns.
const ANSWER_TIMEOUT_MS = 1000;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  send: libcFunction('int64_t send(int fd, void *bytes, size_t length, int flags)'),
};

/** A socket for requests to the kernel's routing, rtnetlink(7): links, addresses, routes. */
export class RouteSocket implements Disposable {
  readonly #fd: number;

  /** OWNERSHIP: disposal closes it. */
  constructor() {
    this.#fd = checked('socket', native.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE));
  }

  /**
   * Sends one message, with its header, that asks to be acknowledged (NLM_F_ACK), and waits for that.
   *
   * @param name what it is, for the error
   * @throws a system error: the kernel's answer
   */
  request(name: string, message: Buffer): void {
    checked('send', native.send(this.#fd, message, message.length, 0), name);
    const answer = this.#receive(name);
    const error = answer.readInt32LE(ERROR_OFFSET);
    if (error !== 0) throw systemError('rtnetlink', -error, name);
  }

  #receive(name: string): Buffer {
    if ((pollFor(this.#fd, POLL_EVENTS.in, ANSWER_TIMEOUT_MS) & POLL_EVENTS.in) === 0) {
      throw new RangeError(`Cannot take "${name}" as done as the kernel did not answer`);
    }
    const buffer = Buffer.alloc(ANSWER_BYTES_MAX);
    const answer = buffer.subarray(0, readSync(this.#fd, buffer));
    if (answer.length < ACKNOWLEDGEMENT_BYTES_MIN || answer.readUInt16LE(TYPE_OFFSET) !== NLMSG_ERROR) {
      throw new RangeError(`Cannot take "${name}" as done as the kernel's answer is no acknowledgement`);
    }
    return answer;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
