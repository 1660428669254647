import { totalmem } from 'node:os';

const MIB = 1024 * 1024;
const SHARE_OF_HOST = 0.8;
// Every GiB costs an emulated kernel time to set up at boot, and whoever emulates runs small programs.
const EMULATED_MIB_MAX = 4096;

/** The guest's memory where nobody said: most of the host's, as it is only taken when it is used. */
export function defaultMemoryMib(acceleration: 'kvm' | 'tcg', hostBytes = totalmem()): number {
  const share = Math.floor((hostBytes / MIB) * SHARE_OF_HOST);
  return acceleration === 'kvm' ? share : Math.min(share, EMULATED_MIB_MAX);
}
