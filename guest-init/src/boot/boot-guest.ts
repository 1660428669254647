import { existsSync } from 'node:fs';
import type { MuvmError } from '@muvm/errors';
import type { BootStep, GuestConfig } from '@muvm/protocol/contract';
import type { Console } from '../console/index.ts';
import { type BootStepPlan, bootFailed, runBoot } from './run-boot.ts';
import { takeConfig } from './take-config.ts';

/** What the servers need to know of the boot. */
export interface BootedGuest {
  readonly config: GuestConfig;
  readonly bootSteps: readonly BootStep[];
  /** Why no command can run. */
  readonly bootFailure: MuvmError | undefined;
}

const NOBODY = { uid: 65_534, gid: 65_534, groups: [], name: 'nobody', home: '/', shell: '/bin/sh' } as const;

/** The device node that only the qemu driver's machine has. */
const SERIAL_PORT = '/dev/vport0p1';

/** Boots; a failure does not end the agent, so that every client can be told of it. */
export function bootGuest(plan: readonly BootStepPlan[], configPath: string, console: Console): BootedGuest {
  const guest = attemptBoot(plan, configPath, console);
  if (guest.bootFailure !== undefined) console.say(`${guest.bootFailure.message}. ${guest.bootFailure.hint}`);
  return guest;
}

function attemptBoot(plan: readonly BootStepPlan[], configPath: string, console: Console): BootedGuest {
  let config: GuestConfig;
  try {
    config = takeConfig(configPath);
  } catch (error) {
    return { config: fallbackConfig(), bootSteps: [], bootFailure: bootFailed('config', error) };
  }
  console.isVerbose = config.verbose;
  const { steps, failure } = runBoot(plan, config, console);
  return { config, bootSteps: steps, bootFailure: failure };
}

/** Enough to be reached, and to tell of the failure. */
function fallbackConfig(): GuestConfig {
  const transport = existsSync(SERIAL_PORT) ? 'virtio-serial' : 'vsock';
  return {
    transport,
    hostname: 'muvm',
    user: NOBODY,
    vsockPacketBytes: null,
    environment: {},
    sharedMemoryTag: null,
    forwardedSockets: [],
    publishedSockets: [],
    x11: { kind: 'none', reason: 'there is no configuration' },
    hooks: { root: [], user: [] },
    emulation: { interpreters: [], isOptional: true },
    foreignRoot: null,
    udevPath: null,
    openFilesMax: 0,
    verbose: true,
  };
}
