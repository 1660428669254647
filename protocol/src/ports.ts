/** Ports of the link that the guest listens on for itself. */
export const LINK_PORTS = {
  /** Sends back what comes (RFC 862), so that a link can be tried and measured without any program in the guest. */
  echo: 7,
} as const;

/** The vsock ports of the two exec servers. */
export const EXEC_PORTS = { user: 3334, root: 3335 } as const;

/** Ports of the link that the host listens on, each where the VM has what it is for. */
export const HOST_PORTS = {
  /** The sound server of the host, in PulseAudio's protocol. */
  pulse: 3333,
  /** Game controllers: events to the guest, force feedback back. */
  hidpipe: 3336,
  /** The X server of the host, where display is forwarded as a stream. */
  x11: 3337,
} as const;

/**
 * Ports that either side may listen on for sockets that a user forwards. A VMM that maps each vsock port to a socket of
 * its own is told of all of them when it starts, so there are as many as one machine may want.
 */
export const FORWARD_PORTS = { toHost: range(50_000), toGuest: range(51_000) } as const;

function range(first: number): readonly number[] {
  return Array.from({ length: 32 }, (_, index) => first + index);
}

/**
 * The virtio-serial ports of the qemu driver: name as the guest reads it, and number on the bus, from which the
 * guest's device node follows (`/dev/vport0p1`). Number 0 is the console.
 */
export const SERIAL_PORTS = {
  /** The one HTTP/2 session of the gRPC service: guest serves, supervisor joins all clients to it. */
  rpc: { name: 'muvm.rpc', number: 1 },
  /** CONNECT streams from host to guest. */
  hostToGuest: { name: 'muvm.h2g', number: 2 },
  /** CONNECT streams from guest to host. */
  guestToHost: { name: 'muvm.g2h', number: 3 },
} as const;
