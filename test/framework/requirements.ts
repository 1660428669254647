import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { patient, TEST_DRIVER } from './driver.ts';
import { hasProgram } from './has-program.ts';
import { REPOSITORY } from './repository.ts';

/** Why a test cannot run here, or undefined where it can. */
export type Obstacle = string | undefined;

const VIRTIOFSD_PLACES = ['/usr/libexec/virtiofsd', '/usr/lib/virtiofsd', '/usr/lib/qemu/virtiofsd'];

/** What boots a machine with the driver that is tested. */
export function bootObstacle(): Obstacle {
  const qemu = process.arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64';
  if (!existsSync(join(REPOSITORY, 'dist/.built'))) return 'the programs are not built: run "make build"';
  // Where it is asked for, its own message tells more than a skip.
  if (TEST_DRIVER === 'libkrun') return undefined;
  if (!hasProgram(qemu)) return `there is no ${qemu}`;
  if (!hasProgram('virtiofsd') && !VIRTIOFSD_PLACES.some((path) => existsSync(path))) return 'there is no virtiofsd';
  return undefined;
}

export function programObstacle(...names: readonly string[]): Obstacle {
  const missing = names.filter((name) => !hasProgram(name));
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}`;
}

export function rootObstacle(): Obstacle {
  return process.getuid?.() === 0 ? undefined : 'it needs root';
}

const TIMEOUT_MS = 10_000;

/**
 * A test that needs something of this machine. Where there is an obstacle it is skipped with the reason in its name;
 * with `MUVM_REQUIRE_ALL=1` it fails.
 */
export function testUnless(obstacle: Obstacle, name: string, body: () => Promise<void>, timeoutMs = TIMEOUT_MS): void {
  if (obstacle === undefined) {
    test(name, body, patient(timeoutMs));
  } else if (process.env['MUVM_REQUIRE_ALL'] === '1') {
    test(name, () => {
      throw new Error(`This test must run, but ${obstacle}`);
    });
  } else {
    test.skip(`${name} (skipped: ${obstacle})`, body);
  }
}
