import { MuvmError, reasonOf } from '@muvm/errors';
import { ELF_MACHINES, readElfHeader } from './elf-header.ts';

const INSTALL_HINT =
  'Install libkrun and libkrunfw with the package manager of your system, or run "npm install" in the directory of muvm.';

/** Who brings the libraries that libkrun and libkrunfw need, on Debian, Fedora and Arch. */
const PACKAGES: Readonly<Record<string, readonly [apt: string, dnf: string, pacman: string]>> = {
  'libcap-ng.so.0': ['libcap-ng0', 'libcap-ng', 'libcap-ng'],
  'libdrm.so.2': ['libdrm2', 'libdrm', 'libdrm'],
  'libepoxy.so.0': ['libepoxy0', 'libepoxy', 'libepoxy'],
  'libgbm.so.1': ['libgbm1', 'mesa-libgbm', 'mesa'],
  'libgcc_s.so.1': ['libgcc-s1', 'libgcc', 'gcc-libs'],
  'libpipewire-0.3.so.0': ['libpipewire-0.3-0', 'pipewire-libs', 'libpipewire'],
  'libvirglrenderer.so.1': ['libvirglrenderer1', 'virglrenderer', 'virglrenderer'],
};

/**
 * Looks at a library before the dynamic loader does, whose own words mislead: of a library for another machine it says
 * that there is no such file, and one that is cut off may kill the process.
 *
 * @throws MuvmError MISSING_PART
 */
export function rejectForeignFile(path: string): void {
  const header = headerOf(path);
  if (!header) throw unusable(path, 'it is not a shared library', 'Name the library itself, such as "libkrun.so.1".');
  const machine = ELF_MACHINES[process.arch];
  if (machine !== undefined && header.machine !== machine) {
    throw unusable(path, `it is for ${machineName(header.machine)}, and this machine is ${machineName(machine)}`);
  }
  if (!header.isComplete) throw unusable(path, 'the file is cut off');
}

function headerOf(path: string): ReturnType<typeof readElfHeader> {
  try {
    return readElfHeader(path);
  } catch (error) {
    throw new MuvmError('MISSING_PART', `Cannot read the library "${path}": ${reasonOf(error)}`, {
      cause: error,
      hint: INSTALL_HINT,
    });
  }
}

function machineName(machine: number): string {
  const name = Object.keys(ELF_MACHINES).find((each) => ELF_MACHINES[each] === machine);
  return name ?? `another (number ${machine})`;
}

/** The refusal for what the dynamic loader said: dlerror(3) by way of koffi. */
export function loadFailure(path: string, error: unknown): MuvmError {
  const reason = (error as Error).message.replace('Failed to load shared library: ', '');
  const missing = /^(\S+): cannot open shared object file/.exec(reason)?.[1];
  if (missing) return unusable(path, `it needs "${missing}", which is not installed`, packageHint(missing), error);
  const version = /version [`'"]([^'"]+)['"] not found/.exec(reason)?.[1];
  if (version) return unusable(path, `it needs ${version}, which the libraries of this system lack`, undefined, error);
  return unusable(path, `it cannot be loaded: ${reason}`, undefined, error);
}

function packageHint(library: string): string {
  const packages = PACKAGES[library];
  if (!packages) return `Install the package that has "${library}".`;
  const [apt, dnf, pacman] = packages;
  return `Run "apt install ${apt}", "dnf install ${dnf}" or "pacman -S ${pacman}", as your system has it.`;
}

/** The one shape of "this library will not do". `reason` begins with what it says about the library. */
export function unusable(path: string, reason: string, hint: string = INSTALL_HINT, cause?: unknown): MuvmError {
  return new MuvmError('MISSING_PART', `Cannot use "${path}" as ${reason}`, { hint, cause });
}
