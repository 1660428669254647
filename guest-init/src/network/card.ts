import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Card {
  readonly name: string;
  /** The kernel's number for it. */
  readonly index: number;
  /** 6 bytes. */
  readonly mac: Buffer;
}

/** ARPHRD_ETHER of linux/if_arp.h. */
const ETHERNET = 1;
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/**
 * The machine's network card: the first interface with a device behind it, which `lo` and the kernel's `dummy0` have not.
 *
 * @param directory the kernel's list of interfaces
 */
export function findCard(directory = '/sys/class/net'): Card | undefined {
  for (const name of readdirSync(directory).sort()) {
    const read = (file: string) => readFileSync(join(directory, name, file), 'latin1').trim();
    if (!existsSync(join(directory, name, 'device')) || Number(read('type')) !== ETHERNET) continue;
    const address = read('address');
    if (!MAC.test(address)) continue;
    return { name, index: Number(read('ifindex')), mac: Buffer.from(address.replaceAll(':', ''), 'hex') };
  }
  return undefined;
}
