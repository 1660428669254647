/** One socket of the guest's that stands for one of the host's, or the reverse: a port of the link leads from one to the other. */
export interface GuestSocket {
  readonly port: number;
  /** Its path in the guest. */
  readonly path: string;
  /** A machine starts without it, where the guest cannot have it. */
  readonly isOptional: boolean;
}

/** Of each direction, at most so many in one machine. */
export const SOCKETS_MAX = 64;
