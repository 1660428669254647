import { checked, libcFunction } from './libc.ts';

// asm-generic/termbits.h: once all output is written.
const TCSADRAIN = 1;
/** At least struct termios of the C library, which is 60 bytes on every Linux with glibc or musl. */
const TERMIOS_BYTES = 256;

const native = {
  tcgetattr: libcFunction('int tcgetattr(int fd, void *termios)'),
  tcsetattr: libcFunction('int tcsetattr(int fd, int when, void *termios)'),
  cfmakeraw: libcFunction('void cfmakeraw(void *termios)'),
};

/**
 * Puts a terminal into raw mode, termios(3): each key arrives at once, output passes unchanged. Node's own raw mode
 * still turns each line feed of the output into two characters, which breaks full-screen programs.
 *
 * @returns what gives the terminal its former settings back; may be called more than once
 */
export function enterRawMode(fd: number): () => void {
  const former = Buffer.alloc(TERMIOS_BYTES);
  checked('tcgetattr', native.tcgetattr(fd, former));
  const raw = Buffer.from(former);
  native.cfmakeraw(raw);
  checked('tcsetattr', native.tcsetattr(fd, TCSADRAIN, raw));
  return () => void native.tcsetattr(fd, TCSADRAIN, former);
}
