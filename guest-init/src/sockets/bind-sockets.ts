import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MuvmError, reasonOf } from '@muvm/errors';
import { listenUnix, MOUNT_FLAGS, mount } from '@muvm/linux';
import type { GuestConfig, GuestSocket } from '@muvm/protocol/contract';

/** Where sockets lie whose own place is on the host's file system. */
const OWN_DIRECTORY = '/run/muvm/sockets';

/** What of the file system is the guest's own, so that a socket there is not one on the host. */
const GUEST_OWN = ['/run/', '/var/run/', '/dev/', '/tmp/.X11-unix/'];

/** Descriptors that listen, by the port each leads to: bound by the boot step, taken by the servers. */
export const boundSockets = new Map<number, number>();

/**
 * Makes the sockets that stand for the host's, for the user alone, and listens on them.
 *
 * @returns why optional ones are not there @throws MuvmError BOOT_FAILED for one that was asked for
 */
export function bindSockets({ forwardedSockets, user }: GuestConfig): string | undefined {
  const reasons = forwardedSockets.map((socket) => bindSocket(socket, user)).filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

type User = Pick<GuestConfig['user'], 'uid' | 'gid'>;

function bindSocket(socket: GuestSocket, user: User): string | undefined {
  try {
    boundSockets.set(socket.port, isGuestOwn(socket.path) ? bindAt(socket.path, user) : bindOver(socket, user));
    return undefined;
  } catch (error) {
    const sentence = `Cannot make the socket "${socket.path}" in the guest: ${reasonOf(error)}`;
    if (!socket.isOptional) throw new MuvmError('BOOT_FAILED', sentence, { cause: error });
    return sentence;
  }
}

function isGuestOwn(path: string): boolean {
  return GUEST_OWN.some((place) => path.startsWith(place));
}

function bindAt(path: string, user: User): number {
  makeDirectories(dirname(path), user);
  const fd = listenUnix(path);
  chownSync(path, user.uid, user.gid);
  chmodSync(path, 0o600);
  return fd;
}

/** The user's, where they are in the user's own directory. */
function makeDirectories(path: string, user: User): void {
  const made = mkdirSync(path, { recursive: true });
  if (made === undefined || !made.startsWith(`/run/user/${user.uid}/`)) return;
  for (let each = path; each.length >= made.length; each = dirname(each)) chownSync(each, user.uid, user.gid);
}

/** A socket of the host cannot be connected to from here, but its name can: ours is mounted over it, for the guest alone. */
function bindOver({ path, port }: GuestSocket, user: User): number {
  if (!lstatSync(path, { throwIfNoEntry: false })) {
    throw new Error('nothing is there, and the place is on the host: name one below /run, or one that is there');
  }
  const source = join(OWN_DIRECTORY, `${port}`);
  const fd = bindAt(source, user);
  mount({ source, target: path, type: '', flags: MOUNT_FLAGS.bind, data: '' });
  return fd;
}
