import { chmodSync, chownSync, fchmodSync, fstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { bringUp, raiseOpenFilesLimit } from '@muvm/linux';
import type { GuestConfig } from '@muvm/protocol/contract';
import { CONSOLE_FD } from '../console/index.ts';
import { giveDevices, startUdev } from '../devices/index.ts';
import { mountForeignRoot, registerInterpreters } from '../emulation/index.ts';
import { runRootHooks, runUserHooks } from '../hooks/index.ts';
import { linkDev, mountAll } from '../mounts/index.ts';
import { configureNetwork } from '../network/index.ts';
import { bindSockets } from '../sockets/index.ts';
import { prepareX11 } from '../x11/index.ts';
import type { BootStepPlan } from './run-boot.ts';

/** The order of the boot. */
export const BOOT: readonly BootStepPlan[] = [
  { name: 'rlimits', isRequired: true, run: raiseLimits },
  { name: 'mounts', isRequired: true, run: mountAll },
  { name: 'dev', isRequired: true, run: linkDev },
  { name: 'console', isRequired: false, run: openConsoleToAll },
  { name: 'udev', isRequired: false, run: startUdev },
  { name: 'hostname', isRequired: false, run: setHostname },
  { name: 'loopback', isRequired: false, run: bringLoopbackUp },
  { name: 'emulation', isRequired: true, run: registerInterpreters },
  { name: 'root hooks', isRequired: true, run: runRootHooks },
  { name: 'network', isRequired: false, run: configureNetwork },
  { name: 'user', isRequired: true, run: makeRuntimeDirectories },
  { name: 'devices', isRequired: false, run: giveDevices },
  // Once the network has its resolv.conf, which a merged root shows too.
  { name: 'foreign root', isRequired: true, run: mountForeignRoot },
  { name: 'user hooks', isRequired: true, run: runUserHooks },
  { name: 'sockets', isRequired: true, run: bindSockets },
  { name: 'x11', isRequired: false, run: prepareX11 },
];

function raiseLimits({ openFilesMax }: GuestConfig): undefined {
  raiseOpenFilesLimit(openFilesMax);
}

/** A detached command of the user has the console as its output, and may open it again as /dev/stdout. */
function openConsoleToAll(): string | undefined {
  if (!fstatSync(CONSOLE_FD).isCharacterDevice()) return 'the console is not a device';
  fchmodSync(CONSOLE_FD, 0o622);
  return undefined;
}

function setHostname({ hostname }: GuestConfig): undefined {
  writeFileSync('/proc/sys/kernel/hostname', hostname);
}

function bringLoopbackUp(): undefined {
  bringUp('lo');
}

/**
 * XDG_RUNTIME_DIR of both identities, as the XDG base directory specification wants it: 0700 and owned by the user. Within
 * it, the Firefox profile that the host names where there is no other: Firefox does not make it.
 */
function makeRuntimeDirectories({ user }: GuestConfig): undefined {
  for (const { uid, gid } of [{ uid: 0, gid: 0 }, user]) {
    for (const directory of [`/run/user/${uid}`, `/run/user/${uid}/firefox`]) {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, 0o700);
      chownSync(directory, uid, gid);
    }
  }
}
