import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '@muvm/errors';

/**
 * Why a directory cannot be used to make files in, or cannot be made: judged by the nearest one above it that is there.
 * Nothing is made.
 *
 * @returns the reason, as what stands behind a colon, or undefined where it can
 */
export function makingObstacle(directory: string): string | undefined {
  const nearest = nearestPresent(directory);
  try {
    if (!statSync(nearest).isDirectory()) return `"${nearest}" is not a directory`;
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `"${nearest}" cannot be written to: ${reasonOf(error)}`;
  }
}

/** The path itself where it is there, else the nearest above it. A link to nowhere is there. */
export function nearestPresent(path: string): string {
  return path === dirname(path) || isPresent(path) ? path : nearestPresent(dirname(path));
}

// What cannot be looked at counts as missing: the obstacle is above it.
function isPresent(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
