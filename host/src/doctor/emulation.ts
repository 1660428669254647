import { isMuvmError } from '@muvm/errors';
import { checkImage, type Emulator, findEmulator, installedImages } from '../emulation/index.ts';
import { type Finding, note, ok, problem } from './check.ts';

const NAMES: Readonly<Record<Emulator, string>> = { fex: 'FEX', box: 'box64', qemu: 'QEMU' };

/** What could run programs of other processors in a guest, and the images that FEX would be given. */
export function checkEmulation(
  env: NodeJS.ProcessEnv,
  arch: NodeJS.Architecture = process.arch,
  images: readonly string[] = installedImages(),
): Finding {
  const host = { arch, searchPath: env['PATH'] ?? '' };
  const found = (Object.keys(NAMES) as Emulator[]).map((each) => describe(each, host)).filter((text) => text !== '');
  try {
    const parts = [...found, ...images.map((path) => `image "${path}" with blocks of ${checkImage(path)} bytes`)];
    if (found.length > 0) return ok(parts.join('; '));
    return note(
      ['There is no emulator of another processor in PATH', ...parts].join('; '),
      arch === 'arm64'
        ? 'Install FEX or box64 for programs of x86, QEMU ("qemu-user-static") for others.'
        : 'Install QEMU\'s ("qemu-user-static") to run programs of another processor.',
    );
  } catch (error) {
    if (isMuvmError(error)) return problem([...found, error.message].join('; '), error.hint);
    throw error;
  }
}

function describe(emulator: Emulator, host: Parameters<typeof findEmulator>[1]): string {
  const programs = findEmulator(emulator, host);
  if (programs.length === 0) return '';
  return `${NAMES[emulator]} runs programs of ${programs.map(({ architecture }) => architecture).join(', ')}`;
}
