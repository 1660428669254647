import { accessSync, constants } from 'node:fs';
import { reasonOf } from '@muvm/errors';
import { findUdevd } from '../udev/index.ts';
import { type Finding, note, ok, problem } from './check.ts';

/** The udevd that the guest runs, for programs that ask what a device is. */
export function checkUdev(env: NodeJS.ProcessEnv, path = findUdevd(env)): Finding {
  if (path === undefined) {
    return note(
      'There is no udevd for the guest, which tells programs what a game controller is',
      'Install it if you want to use one: it is part of systemd, on Debian "apt install udev".',
    );
  }
  try {
    accessSync(path, constants.X_OK);
    return ok(`"${path}" is there for the guest`);
  } catch (error) {
    return problem(`"${path}" cannot be run: ${reasonOf(error)}`, 'Set MUVM_UDEVD_PATH to a udevd, or unset it.');
  }
}
