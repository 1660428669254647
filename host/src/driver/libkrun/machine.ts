import type { GpuMode } from '../../config/vm-plan.ts';
import type { SharedDirectory } from './context.ts';
import type { VsockPort } from './context-checks.ts';

/** What the process that becomes the VM is told: everything is known. It is written as JSON into the run directory. */
export interface KrunMachine {
  readonly libkrunPath: string;
  readonly firmwarePath: string;
  readonly cpuCount: number;
  readonly memoryMib: number;
  /** The guest's root file system. */
  readonly rootPath: string;
  readonly directories: readonly SharedDirectory[];
  /** Read-only, in the order in which the guest sees them. */
  readonly disks: readonly { readonly id: string; readonly path: string }[];
  readonly gpu: { readonly mode: GpuMode; readonly windowBytes: number } | null;
  /** A descriptor that the process was started with, connected to passt, and the card's address as `xx:xx:…`. */
  readonly network: { readonly fd: number; readonly mac: string } | null;
  readonly vsockPorts: readonly VsockPort[];
  /** A descriptor that the process was started with, for the guest's console. */
  readonly consoleFd: number;
  readonly guestEnvironment: readonly string[];
}
