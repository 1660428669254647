import { readFileSync, writeSync } from 'node:fs';
import { closeInherited, raiseOpenFilesLimit } from '@muvm/linux';
import { renderStartReport } from '../../vm/start-report.ts';
import { KrunContext } from './context.ts';
import { openLibkrun } from './library.ts';
import type { KrunMachine } from './machine.ts';
import { preloadFirmware } from './preload-firmware.ts';

const REPORT_FD = 1;

/** Where the descriptors begin that a machine is given: the console, the network. */
const GIVEN_FD = 3;

// Each file that the guest has looked at costs a descriptor. The kernel's own limit (fs.nr_open) is not below this.
const OPEN_FILES_MAX = 1_048_576;

/**
 * Turns this process into the machine of a file. Where it cannot, one line that tells why is written to stdout, which a
 * machine that runs does not use.
 *
 * @returns only where it failed: the exit status
 */
export function becomeVm(machinePath: string): number {
  try {
    const machine = JSON.parse(readFileSync(machinePath, 'utf8')) as KrunMachine;
    closeInherited((fd) => fd < GIVEN_FD || fd === machine.consoleFd || fd === machine.network?.fd);
    raiseOpenFilesLimit(OPEN_FILES_MAX);
    preloadFirmware(machine.firmwarePath);
    return configure(machine).start();
  } catch (error) {
    writeSync(REPORT_FD, renderStartReport(error));
    return 1;
  }
}

function configure(machine: KrunMachine): KrunContext {
  const context = new KrunContext(openLibkrun(machine.libkrunPath));
  context.setMachine(machine);
  context.shareRoot(machine.rootPath, 0);
  for (const directory of machine.directories) context.shareDirectory(directory);
  for (const disk of machine.disks) context.addDisk(disk);
  context.addVsockPorts(machine.vsockPorts);
  if (machine.gpu) context.setGpu(machine.gpu);
  if (machine.network) context.setNetwork({ fd: machine.network.fd, mac: macBytes(machine.network.mac) });
  // As if it were opened anew: a pipe, which there is nothing to empty of.
  context.setConsole(`/proc/self/fd/${machine.consoleFd}`);
  context.setGuestEnvironment(machine.guestEnvironment);
  return context;
}

function macBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}
