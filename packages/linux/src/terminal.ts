import { closeSync, constants, openSync } from 'node:fs';
import { setNonblocking } from './descriptor.ts';
import { checked, libcFunction } from './libc.ts';

// asm-generic/ioctls.h
const TIOCSWINSZ = 0x5414;
const TIOCGPTN = 0x80045430;
const TIOCSPTLCK = 0x40045431;

const native = {
  ioctl: libcFunction('int ioctl(int fd, unsigned long request, void *argument)'),
};

/** A pseudo-terminal pair, pty(7). OWNERSHIP: the caller closes both descriptors. */
export interface Terminal {
  /** Not blocking. */
  readonly master: number;
  /** While it is open, output of a process that has ended stays readable on the master. */
  readonly slave: number;
  /** Path of the slave. */
  readonly path: string;
}

/** Opens a pseudo-terminal whose slave belongs to the caller's file system uid. */
export function openTerminal(): Terminal {
  const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  try {
    const number = Buffer.alloc(4);
    // A pseudo-terminal starts locked; zero unlocks it.
    checked('ioctl', native.ioctl(master, TIOCSPTLCK, number));
    checked('ioctl', native.ioctl(master, TIOCGPTN, number));
    setNonblocking(master);
    const path = `/dev/pts/${number.readUInt32LE()}`;
    return { master, slave: openSync(path, constants.O_RDWR | constants.O_NOCTTY), path };
  } catch (error) {
    closeSync(master);
    throw error;
  }
}

/** Sets the size in character cells; the foreground processes get SIGWINCH where it changes. */
export function setTerminalSize(fd: number, rows: number, columns: number): void {
  // struct winsize: 0 u16 rows · 2 u16 columns · 4 u16 width · 6 u16 height in pixels, which nobody fills in
  const size = Buffer.alloc(8);
  size.writeUInt16LE(rows, 0);
  size.writeUInt16LE(columns, 2);
  checked('ioctl', native.ioctl(fd, TIOCSWINSZ, size));
}
