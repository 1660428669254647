/** What every driver does with a guest, whatever runs it: its files, its console, its memory, the sessions to its service. */
export { endedOrAborted } from './ended-or-aborted.ts';
export { type GuestConsole, openGuestConsole } from './guest-console.ts';
export { type GuestEnding, lastWords } from './guest-ending.ts';
export { type GuestMachine, writeGuestFiles } from './guest-files.ts';
export { defaultMemoryMib } from './memory-size.ts';
export { type RpcSession, rpcSession } from './rpc-session.ts';
