import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

/** Where distributions put it; the second one where it is not part of systemd. */
const PLACES = ['/usr/lib/systemd/systemd-udevd', '/lib/systemd/systemd-udevd', '/usr/bin/udevd', '/sbin/udevd'];

/**
 * Starts the host's udev in the guest and does not wait for it: programs ask it for what a game controller is, and it
 * names devices that come later.
 *
 * @param wishedPath of another udevd @returns why there is none
 */
export function startUdev({ udevPath }: { readonly udevPath: string | null }): string | undefined {
  const program = udevPath ?? PLACES.find((path) => existsSync(path));
  if (program === undefined || !existsSync(program)) return `there is no ${udevPath ?? 'udevd'}`;
  mkdirSync('/run/udev', { recursive: true });
  const child = spawn(program, [], { cwd: '/', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
  return undefined;
}
