import type { GuestConfig } from '@muvm/protocol/contract';
import { USER_DEVICES } from './user-devices.ts';

/** Devices that udev gives to groups when it starts, before it has seen any: udev(7), static_node. */
const STATIC_DEVICES = ['/dev/kvm', '/dev/uinput', '/dev/vsock', '/dev/snd/timer', '/dev/snd/seq'];

/** Where udev(7) looks for rules of a running system. In the guest it is in its own /run. */
export const RULES_DIRECTORY = '/run/udev/rules.d';

/** The rules that keep udev from giving the user's devices to groups again, for a file that is read after all others. */
export function renderUdevRules({ uid, gid }: Pick<GuestConfig['user'], 'uid' | 'gid'>): string {
  const owner = `OWNER="${uid}", GROUP="${gid}"`;
  const rules = USER_DEVICES.map((pattern) => `ENV{DEVNAME}=="${pattern}", ${owner}`);
  const atStart = STATIC_DEVICES.map((path) => {
    const name = path.slice('/dev/'.length);
    return `ENV{DEVNAME}=="${path}", ${owner}, OPTIONS+="static_node=${name}"`;
  });
  return `${[...rules, ...atStart].join('\n')}\n`;
}
