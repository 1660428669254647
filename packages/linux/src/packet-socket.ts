import { closeSync, readSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';
import { POLL_EVENTS, pollFor } from './poll.ts';

// linux/socket.h, linux/if_ether.h
const AF_PACKET = 17;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const ETH_P_IP = 0x0800;

/**
 * struct sockaddr_ll of packet(7): 0 u16 family · 2 be16 protocol · 4 i32 interface · 8 u16 hardware type
 * · 10 u8 packet type · 11 u8 address length · 12 u8 address[8]
 */
const SOCKADDR_LL_BYTES = 20;
const BROADCAST = Buffer.alloc(6, 0xff);

/** More than any card of ours carries: MTU 65535. */
const PACKET_BYTES_MAX = 65_536;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  bind: libcFunction('int bind(int fd, void *address, uint32_t length)'),
  sendto: libcFunction(
    'int64_t sendto(int fd, void *bytes, size_t length, int flags, void *address, uint32_t addressLength)',
  ),
};

/** Takes and gives IPv4 packets of one network interface, below the kernel's own IP, which needs an address first. */
export class PacketSocket implements Disposable {
  readonly #fd: number;
  readonly #interfaceIndex: number;
  readonly #buffer = Buffer.alloc(PACKET_BYTES_MAX);

  /** Needs root. OWNERSHIP: disposal closes it. @throws a system error */
  constructor(interfaceIndex: number) {
    this.#interfaceIndex = interfaceIndex;
    // Protocol 0 takes nothing, until the socket is bound to the one interface.
    this.#fd = checked('socket', native.socket(AF_PACKET, SOCK_DGRAM_CLOEXEC, 0));
    try {
      checked('bind', native.bind(this.#fd, this.#address(Buffer.alloc(0)), SOCKADDR_LL_BYTES));
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Sends an IPv4 packet to everyone on the link. */
  broadcast(packet: Buffer): void {
    const address = this.#address(BROADCAST);
    checked('sendto', native.sendto(this.#fd, packet, packet.length, 0, address, SOCKADDR_LL_BYTES));
  }

  /** The next IPv4 packet, from its first byte on. Undefined where none came in time. It is good until the next call. */
  receive(timeoutMs: number): Buffer | undefined {
    if ((pollFor(this.#fd, POLL_EVENTS.in, timeoutMs) & POLL_EVENTS.in) === 0) return undefined;
    return this.#buffer.subarray(0, readSync(this.#fd, this.#buffer));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #address(hardware: Buffer): Buffer {
    const address = Buffer.alloc(SOCKADDR_LL_BYTES);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeUInt16BE(ETH_P_IP, 2);
    address.writeInt32LE(this.#interfaceIndex, 4);
    address.writeUInt8(hardware.length, 11);
    hardware.copy(address, 12);
    return address;
  }
}
