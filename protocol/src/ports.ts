/** Ports of the link that muvm has for itself. */
export const LINK_PORTS = {
  /** Sends back what comes (RFC 862), so that a link can be tried and measured without any program in the guest. */
  echo: 7,
  /** X11 clients of the guest: the host listens on this one, and joins each stream with its X server. */
  x11: 6001,
} as const;

/** The first ports of the link for sockets: those of the host that the guest has, and those of the guest that the host has. */
export const SOCKET_PORTS = { forwarded: 50_000, published: 51_000 } as const;

/** The vsock ports of the two exec servers. */
export const EXEC_PORTS = { user: 3334, root: 3335 } as const;

/** The vsock ports of the two sessions that all other streams go over: CONNECT streams, named by a port of the link. */
export const STREAM_PORTS = { hostToGuest: 3336, guestToHost: 3337 } as const;

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
