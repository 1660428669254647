/**
 * Futexes in memory that programs share: the wake-ups of others are seen, for any number of words without a thread, and
 * passed on, see futex(2). What is woken from here is not seen here, so two relays never echo each other.
 */
export { createFutexWatcher } from './create-watcher.ts';
export { FUTEX_EVERYONE, FUTEX_MASKS, futexWake } from './futex-wake.ts';
export { MissedWakes } from './missed-wakes.ts';
export { FUTEXES_MAX, type FutexWatcher } from './watcher.ts';
