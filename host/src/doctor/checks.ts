import type { Check, Circumstances } from './check.ts';
import { checkWayland, checkX11 } from './display.ts';
import { checkEmulation } from './emulation.ts';
import { checkGpu } from './gpu.ts';
import { checkInput } from './input.ts';
import { checkKernel } from './kernel.ts';
import { checkKvm } from './kvm.ts';
import { checkFirmware, checkLibkrun } from './libkrun.ts';
import { checkMemory } from './memory.ts';
import { checkOpenFiles } from './open-files.ts';
import { checkPasst } from './passt.ts';
import { checkQemu, checkVirtiofsd } from './qemu.ts';
import { checkRunDirectory } from './run-directory.ts';
import { checkPipewire, checkPulse } from './sound.ts';
import { checkUdev } from './udev.ts';
import { checkXshmfence } from './xshmfence.ts';

/** THE TABLE of checks, in the order of the report. Each is described in docs/doctor.md. */
export function hostChecks(circumstances: Circumstances): readonly Check[] {
  const { env, name } = circumstances;
  return [
    { name: 'kvm', neededBy: ['libkrun'], run: () => checkKvm() },
    { name: 'libkrun', neededBy: ['libkrun'], run: () => checkLibkrun(circumstances) },
    { name: 'libkrunfw', neededBy: ['libkrun'], run: () => checkFirmware(circumstances) },
    { name: 'qemu', neededBy: ['qemu'], run: () => checkQemu() },
    { name: 'virtiofsd', neededBy: ['qemu'], run: () => checkVirtiofsd() },
    { name: 'kernel', neededBy: ['qemu'], run: () => checkKernel(circumstances) },
    { name: 'memory', neededBy: ['libkrun', 'qemu'], run: () => checkMemory() },
    { name: 'open-files', neededBy: [], run: () => checkOpenFiles() },
    { name: 'run-directory', neededBy: ['libkrun', 'qemu'], run: () => checkRunDirectory(name, env) },
    { name: 'gpu', neededBy: [], run: () => checkGpu() },
    { name: 'x11', neededBy: [], run: () => checkX11(env) },
    { name: 'wayland', neededBy: [], run: () => checkWayland(env) },
    { name: 'libxshmfence', neededBy: [], run: () => checkXshmfence() },
    { name: 'pulse', neededBy: [], run: () => checkPulse(env) },
    { name: 'pipewire', neededBy: [], run: () => checkPipewire(env) },
    { name: 'input', neededBy: [], run: () => checkInput() },
    { name: 'udev', neededBy: [], run: () => checkUdev(env) },
    { name: 'passt', neededBy: [], run: () => checkPasst() },
    { name: 'emulation', neededBy: [], run: () => checkEmulation(env) },
  ];
}
