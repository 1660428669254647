/**
 * Stops a whole process for a moment, and makes system calls in it (ptrace(2)): in a thread of its own, by an instruction that
 * its code has already. Blocks the thread that it runs in, which must always be the same one; every wait has an end.
 */
export type { RemoteCall } from './architecture.ts';
export { handOver } from './hand-over.ts';
export { type Mapping, readMappings } from './mappings.ts';
export { processName } from './refusal.ts';
export { RemoteThread } from './remote-thread.ts';
export { StoppedProcess, stopProcess } from './stop-process.ts';
export { releaseStragglers } from './stragglers.ts';
