/**
 * Runs commands for the host: one session a call, with pipes or a terminal, with the rights of the host's user or of
 * the guest's root. Nothing here needs a virtual machine.
 */
export { type Account, accountOf } from './account.ts';
export { Children } from './children.ts';
export { Commands } from './commands.ts';
export { commandEnvironment } from './environment.ts';
export { type GuestServiceOptions, guestHandlers } from './guest-service.ts';
export { identityFromHeader } from './identity.ts';
export { KERNEL_VALUES, type KernelValue } from './kernel-value.ts';
