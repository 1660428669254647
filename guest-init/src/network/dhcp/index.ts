/** A small DHCP client (RFC 2131): what a lease is, how it is asked for, and the bytes of both. */
export { obtainLease, type PacketLink } from './exchange.ts';
export type { Lease, LeaseRoute } from './lease.ts';
