import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MuvmError } from '@muvm/errors';
import { type GuestConfig, renderInitScript } from '@muvm/protocol/contract';
import type { VmPlan } from '../../config/vm-plan.ts';
import { guestSockets } from '../../sockets/index.ts';
import { findUdevd } from '../../udev/index.ts';
import { currentUser } from '../../user/index.ts';
import { VM_FILES } from '../../vm/run-directory.ts';
import type { DriverContext } from '../driver.ts';

// wine's esync takes a descriptor for each of its objects.
const OPEN_FILES_MAX = 524_288;

// These paths stand on the kernel's command line and in option lists of QEMU, which split at spaces and commas.
const PLAIN_PATH = /^[A-Za-z0-9/._+@:-]+$/;

/** What the drivers differ in. */
export interface GuestMachine
  extends Pick<GuestConfig, 'transport' | 'environment' | 'sharedMemoryTag' | 'vsockPacketBytes'> {
  /** Whether our script is the guest's first program. Under libkrun, that is libkrun's own. */
  readonly isFirst: boolean;
}

/** Writes what the guest starts with into the run directory: its first program, and the agent's configuration. */
export function writeGuestFiles(
  plan: VmPlan,
  context: Pick<DriverContext, 'directory' | 'bundleDirectory' | 'emulation' | 'x11'>,
  { isFirst, ...machine }: GuestMachine,
): void {
  const { directory, bundleDirectory, emulation, x11 } = context;
  if (!PLAIN_PATH.test(directory)) {
    throw new MuvmError(
      'RUN_DIRECTORY',
      `Cannot use the run directory "${directory}" as its path must consist of letters, digits and / . _ + @ : -`,
      { hint: 'Set XDG_RUNTIME_DIR to such a path.' },
    );
  }
  const configPath = join(directory, VM_FILES.guestConfig);
  const sockets = guestSockets(plan);
  const config: GuestConfig = {
    ...machine,
    ...sockets,
    ...emulation.guest,
    x11: x11.guest.x11,
    environment: { ...machine.environment, ...emulation.environment, ...x11.guest.environment },
    forwardedSockets: [...sockets.forwardedSockets, ...x11.sockets],
    hooks: plan.hooks,
    udevPath: findUdevd() ?? null,
    hostname: hostname() || 'muvm',
    user: guestUser(),
    openFilesMax: OPEN_FILES_MAX,
    verbose: plan.verbose,
  };
  writeFileSync(configPath, JSON.stringify(config), { mode: 0o600 });
  const script = renderInitScript({
    isFirst,
    nodePath: process.execPath,
    nodeArguments: [],
    agentArguments: [join(bundleDirectory, 'start.cjs'), join(bundleDirectory, 'muvm-guest.cjs'), configPath],
  });
  writeFileSync(join(directory, VM_FILES.initScript), script, { mode: 0o700 });
}

function guestUser(): GuestConfig['user'] {
  return { ...currentUser(), groups: process.getgroups?.() ?? [] };
}
