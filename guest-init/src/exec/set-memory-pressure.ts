import { MuvmError } from '@muvm/errors';
import { type Identity, SetMemoryPressureReply, SetMemoryPressureRequest } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';
import type { KernelValue } from './kernel-value.ts';

/**
 * How much memory the kernel keeps free, in 10,000ths of all, by the level: the more that is, the more of its page cache it
 * gives up, and what it frees goes back to the host by free page reporting. 10 is the kernel's default, 3000 the most that
 * it takes (Documentation/admin-guide/sysctl/vm.rst).
 */
const WATERMARK_SCALES = [10, 1000, 2000, 2000, 2000] as const;

/** At this level the whole page cache goes at once. */
const CRITICAL = 4;

/**
 * Only blocks of many free pages go back to the host, and only those that no processor keeps for itself, of which each may
 * have the more the more is kept free.
 */
function dropPageCache(setKernelValue: (name: KernelValue, value: string) => void): void {
  setKernelValue('vm/watermark_scale_factor', `${WATERMARK_SCALES[0]}`);
  setKernelValue('vm/drop_caches', '1');
  setKernelValue('vm/compact_memory', '1');
}

/** Makes the kernel give memory back, for root alone. */
export function setMemoryPressure(
  bytes: Buffer,
  call: Call,
  identity: Identity,
  setKernelValue: (name: KernelValue, value: string) => void,
): void {
  const { level } = SetMemoryPressureRequest.decode(bytes);
  if (identity !== 'root') throw new MuvmError('PROTOCOL', 'Cannot set the memory pressure as the user, only as root');
  const scale = WATERMARK_SCALES[level];
  if (scale === undefined) {
    throw new MuvmError('PROTOCOL', `Cannot set the memory pressure to ${level} as it must be from 0 to ${CRITICAL}`);
  }
  if (level === CRITICAL) dropPageCache(setKernelValue);
  setKernelValue('vm/watermark_scale_factor', `${scale}`);
  call.send(SetMemoryPressureReply.encode({}).finish());
  call.finish();
}
