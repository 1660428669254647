import { toMuvmError } from '@muvm/errors';
import { findQemu, findVirtiofsd } from '../driver/qemu/parts.ts';
import { type VirtiofsdKind, virtiofsdArguments, virtiofsdKind } from '../driver/qemu/virtiofsd.ts';
import { type Finding, ok } from './check.ts';
import { PROGRAM_TIMEOUT_MS, programVersion, REINSTALL_HINT } from './program-version.ts';

/** @throws MuvmError MISSING_PART where there is none, or it cannot be run */
export async function checkQemu(find = findQemu): Promise<Finding> {
  const path = find();
  const line = await programVersion(path);
  return ok(`"${path}" runs, version ${/version (\S+)/.exec(line)?.[1] ?? `untold ("${line}")`}`);
}

const askKind = (path: string) => virtiofsdKind(path, PROGRAM_TIMEOUT_MS);

/** @throws MuvmError MISSING_PART where there is none, or it cannot be used by this user */
export async function checkVirtiofsd(
  find = findVirtiofsd,
  kindOf: (path: string) => Promise<VirtiofsdKind> = askKind,
  uid = process.getuid?.() ?? 0,
): Promise<Finding> {
  const path = find();
  const kind = await kindOf(path).catch((error: unknown) => {
    throw toMuvmError(error, 'MISSING_PART', `Cannot run "${path} --help"`, REINSTALL_HINT);
  });
  virtiofsdArguments(kind, path, uid);
  if (kind === 'rust') return ok(`"${path}" is the one in Rust, which needs no root`);
  return ok(`"${path}" is the one in C, which needs root, and this user is root`);
}
