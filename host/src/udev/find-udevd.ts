import { existsSync } from 'node:fs';

/** Where distributions put it; the last two where it is not part of systemd. */
const PLACES = [
  '/usr/lib/systemd/systemd-udevd',
  '/lib/systemd/systemd-udevd',
  '/usr/bin/udevd',
  '/sbin/udevd',
] as const;

/** The udevd for the guest: the one of `MUVM_UDEVD_PATH`, there or not, else the first that is found. */
export function findUdevd(
  env: Readonly<Record<string, string | undefined>> = process.env,
  places: readonly string[] = PLACES,
): string | undefined {
  return env['MUVM_UDEVD_PATH'] || places.find((path) => existsSync(path));
}
