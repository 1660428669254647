import { MuvmError } from '@muvm/errors';
import { type Identity, ReleaseFilesReply, ReleaseFilesRequest } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';
import type { KernelValue } from './kernel-value.ts';

// Documentation/admin-guide/sysctl/vm.rst: 2 frees names and inodes that nothing holds, cached pages being such a hold; 3
// frees those pages first.
const UNUSED = '2';
const UNUSED_AND_CACHED = '3';

/** Makes the kernel forget files, so that it tells the host's file server to close them (FUSE_FORGET). For root alone. */
export function releaseFiles(
  bytes: Buffer,
  call: Call,
  identity: Identity,
  setKernelValue: (name: KernelValue, value: string) => void,
): void {
  const { cached } = ReleaseFilesRequest.decode(bytes);
  if (identity !== 'root') throw new MuvmError('PROTOCOL', 'Cannot release files as the user, only as root');
  setKernelValue('vm/drop_caches', cached ? UNUSED_AND_CACHED : UNUSED);
  call.send(ReleaseFilesReply.encode({}).finish());
  call.finish();
}
