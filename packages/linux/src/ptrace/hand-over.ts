import { closeSync } from 'node:fs';
import {
  controlBytes,
  descriptorsIn,
  MESSAGE_HEADER_BYTES,
  messageHeader,
  sendDescriptors,
} from '../send-descriptors.ts';
import { RemoteMemory } from './remote-memory.ts';
import type { RemoteThread } from './remote-thread.ts';
import { takeDescriptor } from './take-descriptor.ts';

// asm-generic/mman-common.h, linux/socket.h
const PROT_READ_WRITE = 0x1 | 0x2;
const MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
const NO_FD = -1;
const AF_UNIX = 1;
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000;
const RECEIVE_FLAGS = 0x40 | 0x4000_0000;

const PAGE_BYTES = 4096;
/** What is in the page: 0 what a call returns, or the byte of the message · 64 iovec · 128 msghdr · 256 control */
const AT = { result: 0n, vector: 64n, header: 128n, control: 256n } as const;

/**
 * Gives a stopped process descriptors of ours, close-on-exec, over a pair of sockets that is made for it and gone
 * afterwards: it needs no name that both of us see.
 *
 * OWNERSHIP: it is for the caller to have them closed there.
 *
 * @returns their numbers in the process
 */
export function handOver(thread: RemoteThread, fds: readonly number[]): number[] {
  const page = thread.call('mmap', 0, PAGE_BYTES, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, NO_FD, 0);
  try {
    using memory = new RemoteMemory(thread.pid, thread.tid);
    thread.call('socketpair', AF_UNIX, SOCK_STREAM_CLOEXEC, 0, page + AT.result);
    const ends = memory.read(page + AT.result, 8);
    const [kept, given] = [ends.readInt32LE(0), ends.readInt32LE(4)];
    try {
      send(thread.pid, given, fds);
      return receive(thread, memory, page, kept, fds.length);
    } finally {
      thread.attempt('close', kept);
      thread.attempt('close', given);
    }
  } finally {
    thread.attempt('munmap', page, PAGE_BYTES);
  }
}

function send(pid: number, socket: number, fds: readonly number[]): void {
  const ours = takeDescriptor(pid, socket);
  try {
    sendDescriptors(ours, fds);
  } finally {
    closeSync(ours);
  }
}

function receive(thread: RemoteThread, memory: RemoteMemory, page: bigint, socket: number, count: number): number[] {
  const bytes = controlBytes(count);
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(page + AT.result, 0);
  vector.writeBigUInt64LE(1n, 8);
  memory.write(page + AT.vector, vector);
  const parts = { vector: page + AT.vector, control: page + AT.control, controlBytes: bytes };
  memory.write(page + AT.header, messageHeader(parts));
  thread.call('recvmsg', socket, page + AT.header, RECEIVE_FLAGS);
  const header = memory.read(page + AT.header, MESSAGE_HEADER_BYTES);
  const received = descriptorsIn(memory.read(page + AT.control, Number(header.readBigUInt64LE(40))));
  if (received.length === count) return received;
  for (const fd of received) thread.attempt('close', fd);
  throw new RangeError(`Cannot hand over ${count} descriptors: ${received.length} arrived`);
}
