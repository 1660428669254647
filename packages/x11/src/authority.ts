import { MuvmError } from '@muvm/errors';

/** One entry of an authority file: what to show which server. */
export interface Authority {
  /** Family of the address: 0 IPv4, 6 IPv6, 256 a host name, 65535 any. */
  readonly family: number;
  readonly address: Buffer;
  /** Number of the display in digits. Empty: any. */
  readonly display: string;
  /** Of the method, such as MIT-MAGIC-COOKIE-1. */
  readonly name: string;
  readonly data: Buffer;
}

export const FAMILY = { internet: 0, internet6: 6, local: 256, wild: 65_535 } as const;

/** A file of more entries is none. */
const ENTRIES_MAX = 4096;

/**
 * Reads an authority file. Entry: u16 family · 4 texts, each after a u16 with its length: address, display, name, data; all
 * big-endian.
 *
 * Source: Xau, `AuFileRead.c`; Xsecurity(7).
 *
 * @throws MuvmError PROTOCOL where it breaks off
 */
export function parseAuthorities(bytes: Buffer): Authority[] {
  const entries: Authority[] = [];
  let at = 0;
  const u16 = () => {
    if (at + 2 > bytes.length) throw broken(at);
    at += 2;
    return bytes.readUInt16BE(at - 2);
  };
  const text = () => {
    const length = u16();
    if (at + length > bytes.length) throw broken(at);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    if (entries.length === ENTRIES_MAX) throw broken(at);
    const [family, address, display, name, data] = [u16(), text(), text(), text(), text()];
    entries.push({ family, address, display: display.toString('latin1'), name: name.toString('latin1'), data });
  }
  return entries;
}

function broken(at: number): MuvmError {
  return new MuvmError('PROTOCOL', `Cannot read an X11 authority file as there is no whole entry at byte ${at}`);
}

/** The bytes of an authority file. */
export function formatAuthorities(entries: readonly Authority[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ family, address, display, name, data }) => [
      u16(family),
      ...[address, Buffer.from(display, 'latin1'), Buffer.from(name, 'latin1'), data].flatMap((each) => [
        u16(each.length),
        each,
      ]),
    ]),
  );
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
