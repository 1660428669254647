import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIP } from 'node:net';
import type { PublishedPorts } from '../config/published-ports.ts';

/** A port of the host that nobody else can have until it is closed. */
export interface BoundPort {
  readonly port: number;
  close(): Promise<void>;
}

// What a host says that has no IPv6.
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/** Binds a port, 0 for any, as a server of the guest would. @throws the system's error where it cannot be had */
export async function bindPort(where: Pick<PublishedPorts, 'protocol' | 'address'>, port: number): Promise<BoundPort> {
  const { protocol, address } = where;
  const bind = protocol === 'udp' ? bindUdp : bindTcp;
  if (address !== undefined) return bind(address, port);
  try {
    // This one socket stands for all addresses, those of IPv4 too.
    return await bind('::', port);
  } catch (error) {
    if (NO_IPV6.has((error as NodeJS.ErrnoException).code ?? '')) return bind('0.0.0.0', port);
    throw error;
  }
}

async function bindTcp(host: string, port: number): Promise<BoundPort> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function bindUdp(address: string, port: number): Promise<BoundPort> {
  const socket = createSocket({ type: isIP(address) === 6 ? 'udp6' : 'udp4' });
  socket.bind({ address, port, exclusive: true });
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}
