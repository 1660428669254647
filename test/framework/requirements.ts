/** Reasons to skip a test. This file imports little, so that unit tests of packages can import it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runsIn, TEST_DRIVER } from './driver.ts';
import { hasProgram } from './has-program.ts';
import { REPOSITORY } from './repository.ts';
import type { SkipReason } from './skip.ts';

const VIRTIOFSD_PATHS = ['/usr/libexec/virtiofsd', '/usr/lib/virtiofsd', '/usr/lib/qemu/virtiofsd'];

export function needsBuild(): SkipReason {
  return existsSync(join(REPOSITORY, 'dist/.built')) ? undefined : 'muvm is not built: run "make build"';
}

/** Whether the tested driver can boot a VM. */
export function bootSkipReason(): SkipReason {
  // Whoever requests libkrun gets the error of muvm itself, which says more than a skip.
  return needsBuild() ?? (TEST_DRIVER === 'libkrun' ? undefined : qemuMissing());
}

function qemuMissing(): SkipReason {
  if (VIRTIOFSD_PATHS.some((path) => existsSync(path))) return programsMissing(qemuProgram());
  return programsMissing(qemuProgram(), 'virtiofsd');
}

const qemuProgram = () => (process.arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64');

export function programsMissing(...names: readonly string[]): SkipReason {
  const missing = names.filter((name) => !hasProgram(name));
  if (missing.length === 0) return undefined;
  return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
}

/** For a test that only root can run. The libkrun suite usually has an ordinary user, the qemu suite root. */
export function needsRoot(): SkipReason {
  if (isRoot()) return undefined;
  return TEST_DRIVER === 'libkrun' ? runsIn('qemu') : 'needs root';
}

/** For a test that only an ordinary user can run. */
export function needsUser(): SkipReason {
  if (!isRoot()) return undefined;
  return TEST_DRIVER === 'qemu' ? runsIn('libkrun') : 'needs an ordinary user';
}

const isRoot = () => process.getuid?.() === 0;
