/**
 * Fences of programs whose libxshmfence knows memfds only: such a fence is moved to a file that the host shares, in the midst
 * of the program's life.
 */
export { moveMemfd } from './move-memfd.ts';
