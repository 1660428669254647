/**
 * What host and guest say to each other: the gRPC service, the ports it lives on, the configuration the guest is
 * started with, and the caps both sides hold each other to. Pure functions over values; imports nothing of ours.
 */
export * from './contract.ts';
export { GuestClient, type GuestServer, GuestService } from './generated/guest.ts';
