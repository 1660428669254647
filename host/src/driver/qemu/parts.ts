import { MuvmError } from '@muvm/errors';
import { knob } from '@muvm/log/knobs';
import { findProgram } from '@muvm/process';

const QEMU_NAMES: Readonly<Record<string, string>> = { x64: 'qemu-system-x86_64', arm64: 'qemu-system-aarch64' };

// Debian, Fedora and Arch each have a place of their own for programs that are not for people.
const VIRTIOFSD_PLACES = ['virtiofsd', '/usr/libexec/virtiofsd', '/usr/lib/virtiofsd', '/usr/lib/qemu/virtiofsd'];

// A desktop's PATH may lack the places where administrators' programs are.
const SEARCH_PATH = `${process.env['PATH'] ?? ''}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;

/** @throws MuvmError MISSING_PART */
export function findQemu(): string {
  const name = QEMU_NAMES[process.arch];
  if (!name)
    throw new MuvmError('MISSING_PART', `Cannot run on the architecture "${process.arch}" as it must be x64 or arm64`);
  const found = findProgram([name], SEARCH_PATH);
  if (found) return found;
  throw new MuvmError('MISSING_PART', `Cannot find "${name}" in PATH`, {
    hint: 'Install it: "apt install qemu-system-x86", "dnf install qemu-system-x86-core" or "pacman -S qemu-system-x86".',
  });
}

/** @throws MuvmError MISSING_PART */
export function findVirtiofsd(): string {
  const given = knob('MUVM_DEBUG_VIRTIOFSD');
  const found = findProgram(given ? [given] : VIRTIOFSD_PLACES, SEARCH_PATH);
  if (found) return found;
  throw new MuvmError('MISSING_PART', 'Cannot find "virtiofsd", which shares the files of the host with the guest', {
    hint: 'Install it: "apt install virtiofsd" (on Debian 12 "qemu-system-common"), "dnf install virtiofsd" or "pacman -S virtiofsd".',
  });
}
