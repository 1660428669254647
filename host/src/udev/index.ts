/** The host's udevd, which the guest runs too. */
export { findUdevd } from './find-udevd.ts';
