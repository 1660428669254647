import { closeSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';

// linux/socket.h, linux/sockios.h, linux/if.h
const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP = 1;
// struct ifreq: 0 char name[16] · 16 i16 flags
const IFREQ_BYTES = 40;
const FLAGS_OFFSET = 16;

const native = {
  socket: libcFunction('int socket(int domain, int type, int protocol)'),
  ioctl: libcFunction('int ioctl(int fd, unsigned long request, void *argument)'),
};

/** Brings a network interface up, by netdevice(7). The kernel then gives `lo` its addresses. */
export function bringUp(name: string): void {
  const request = Buffer.alloc(IFREQ_BYTES);
  request.write(name, 0, FLAGS_OFFSET - 1);
  const socket = checked('socket', native.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0));
  try {
    checked('ioctl', native.ioctl(socket, SIOCGIFFLAGS, request), name);
    request.writeInt16LE(request.readInt16LE(FLAGS_OFFSET) | IFF_UP, FLAGS_OFFSET);
    checked('ioctl', native.ioctl(socket, SIOCSIFFLAGS, request), name);
  } finally {
    closeSync(socket);
  }
}
