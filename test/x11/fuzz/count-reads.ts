import { BIG_ENDIAN, LITTLE_ENDIAN } from '../../../packages/x11/src/byte-order.ts';

/**
 * How often the engine reads a number while something runs: every turn of its loops does, so this is how much it works. It is
 * counted instead of timed, as it is the same on every machine.
 */
export function countReads<T>(body: () => T): { readonly value: T; readonly reads: number } {
  let reads = 0;
  const restore = [LITTLE_ENDIAN, BIG_ENDIAN].map((order) => {
    const { u16, u32 } = order;
    const counted = (read: typeof u16) => (bytes: Buffer, at: number) => {
      reads += 1;
      return read(bytes, at);
    };
    Object.assign(order, { u16: counted(u16), u32: counted(u32) });
    return () => Object.assign(order, { u16, u32 });
  });
  try {
    return { value: body(), reads };
  } finally {
    for (const each of restore) each();
  }
}
