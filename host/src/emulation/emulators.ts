import { realpathSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import { findProgram } from '@muvm/process';
import { ARCHITECTURES, type Architecture, type Interpreter } from '@muvm/protocol/contract';
import type { EmulatorChoice } from '../config/vm-plan.ts';
import { takesArgv0 } from './takes-argv0.ts';

/** What runs programs of other processors. */
export type Emulator = Exclude<EmulatorChoice, 'none'>;

/** What looking for emulators depends on. */
export interface EmulatorHost {
  readonly arch: NodeJS.Architecture;
  /** Directories, as in `PATH`. */
  readonly searchPath: string;
}

/** What the guest's processor runs itself. A rule for that would send every program of the guest through the emulator. */
const OWN: Partial<Record<NodeJS.Architecture, readonly Architecture[]>> = {
  // The guest's kernel does not run programs of 32 bits here.
  x64: ['x86_64'],
  arm64: ['aarch64', 'arm'],
};

interface Rule {
  readonly name: string;
  readonly architecture: Architecture;
  /** Names of the program, the better one first. */
  readonly programs: readonly string[];
}

/** FEX has the first name since July 2026. */
const FEX = ['FEX', 'FEXInterpreter'];
const BOX = ['box64'];

/** Names of rules are those that the emulators' own packages use, so that tools which look for them find them. */
const RULES: Readonly<Record<Emulator, readonly Rule[]>> = {
  fex: [
    { name: 'FEX-x86', architecture: 'i386', programs: FEX },
    { name: 'FEX-x86_64', architecture: 'x86_64', programs: FEX },
  ],
  box: [
    { name: 'BOX32', architecture: 'i386', programs: BOX },
    { name: 'BOX64', architecture: 'x86_64', programs: BOX },
  ],
  // One that is linked statically runs in other roots too.
  qemu: ARCHITECTURES.map((architecture) => ({
    name: `qemu-${architecture}`,
    architecture,
    programs: [`qemu-${architecture}-static`, `qemu-${architecture}`],
  })),
};

const LACKS: Readonly<Record<Emulator, string>> = {
  fex: 'neither "FEX" nor "FEXInterpreter"',
  box: 'no "box64"',
  qemu: 'no "qemu-ARCHITECTURE" of another processor',
};

const HINTS: Readonly<Record<Emulator, string>> = {
  fex: 'Install FEX, which some distributions call "fex-emu", or use --emu qemu.',
  box: 'Install box64, or use --emu qemu.',
  qemu: 'Install it: "apt install qemu-user-static", "dnf install qemu-user-static" or "pacman -S qemu-user-static".',
};

/** A rule of an emulator that is installed. */
export type FoundProgram = Omit<Interpreter, 'flags'>;

/** The rules of an emulator, those for what the guest's processor runs itself left out. Empty where it is not installed. */
export function findEmulator(emulator: Emulator, host: EmulatorHost): FoundProgram[] {
  return foreignRules(emulator, host).flatMap(({ name, architecture, programs }) => {
    const program = findProgram(programs, host.searchPath);
    // Links may lead through /run, which the guest does not share.
    return program === undefined ? [] : [{ name, architecture, path: realpathSync(program) }];
  });
}

/** The same as the guest's kernel is told of them. */
export function findInterpreters(emulator: Emulator, host: EmulatorHost): Promise<Interpreter[]> {
  const found = findEmulator(emulator, host);
  return Promise.all(found.map(async (each) => ({ ...each, flags: await flagsOf(emulator, each.path) })));
}

function foreignRules(emulator: Emulator, { arch }: EmulatorHost): Rule[] {
  return RULES[emulator].filter(({ architecture }) => !OWN[arch]?.includes(architecture));
}

/**
 * FEX: as its own rules have it. box64 takes no argv[0] of its own, and its own rules have no flags. QEMU takes argv[0] where
 * it can.
 *
 * Source: FEX, Data/binfmts; box64, system/box64.conf.cmake; QEMU, scripts/qemu-binfmt-conf.sh.
 */
async function flagsOf(emulator: Emulator, path: string): Promise<string> {
  if (emulator === 'fex') return 'POCF';
  if (emulator === 'box') return '';
  return (await takesArgv0(path)) ? 'POCF' : 'OCF';
}

/** The error of an emulator that was asked for and is not there. */
export function lacksEmulator(emulator: Emulator): MuvmError {
  return new MuvmError('MISSING_PART', `Cannot use --emu ${emulator} as there is ${LACKS[emulator]} in PATH`, {
    hint: HINTS[emulator],
  });
}
