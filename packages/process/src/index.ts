/** Helper programs with a lifetime. The one door to execa. */

export { findProgram } from './find-program.ts';
export { type Helper, type HelperExit, type HelperOptions, spawnHelper } from './spawn-helper.ts';
