import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MuvmError, reasonOf } from '@muvm/errors';
import type { GuestConfig } from '@muvm/protocol/contract';
import { RULES_DIRECTORY, renderUdevRules } from './udev-rules.ts';

/**
 * No command waits for udev, and the first is not to share the processor with its start: it gets twice the time that the
 * boot took, within these bounds.
 */
const DELAY_MS = { min: 300, max: 5000 };

/** What programs ask udev about. Not the network: a card must keep the name that the boot knows it by. */
const SUBSYSTEMS = ['input', 'drm', 'sound', 'hidraw'] as const;

/**
 * Starts the host's udev in the guest as soon as the machine is up: programs ask it for what a game controller is, and it
 * names devices that come later. All that it writes is in the guest's own /run and /dev.
 *
 * @returns why there is none @throws MuvmError BOOT_FAILED
 */
export function startUdev({ udevPath, user }: Pick<GuestConfig, 'udevPath' | 'user'>): string | undefined {
  if (udevPath === null) return 'the host has no udevd';
  assertExecutable(udevPath);
  mkdirSync(RULES_DIRECTORY, { recursive: true });
  writeFileSync(join(RULES_DIRECTORY, '99-muvm.rules'), renderUdevRules(user));
  const delayMs = Math.min(Math.max(2 * performance.now(), DELAY_MS.min), DELAY_MS.max);
  setTimeout(() => runUdevd(udevPath), delayMs).unref();
  return undefined;
}

function assertExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch (cause) {
    const hint = 'Name another udevd with MUVM_UDEVD_PATH, or unset that.';
    throw new MuvmError('BOOT_FAILED', `Cannot run "${path}": ${reasonOf(cause)}`, { hint, cause });
  }
}

/** With `--daemon` it ends when the daemon listens; what the kernel says before that is lost. */
function runUdevd(program: string): void {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const child = spawn(program, ['--daemon'], { cwd: '/', env, stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', () => {});
  child.once('exit', (status) => {
    if (status === 0) announceDevices();
  });
  child.unref();
}

/** Makes the kernel tell of the devices that were there before, as udevadm(8) does with `trigger --action=add`. */
export function announceDevices(classes = '/sys/class'): void {
  for (const subsystem of SUBSYSTEMS) {
    for (const device of namesIn(join(classes, subsystem))) {
      try {
        writeFileSync(join(classes, subsystem, device, 'uevent'), 'add');
      } catch {
        // It has gone meanwhile, or is no device.
      }
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
