import { MuvmError, reasonOf } from '@muvm/errors';
import { type PublishedPorts, writePublishedPorts, writeRange } from '../config/published-ports.ts';
import { type BoundPort, bindPort } from './bind-port.ts';

// Of some ports in a row that are free, the first is any that the system gives; the next may be taken.
const ATTEMPTS_MAX = 50;
const PORT_MAX = 65_535;

/**
 * Makes sure that nobody has the ports of the host that are to be published, and chooses those that may be any.
 * Whoever is to listen there binds them later: between the two they are free.
 *
 * @returns the same, with the number of every port of the host
 * @throws MuvmError START_FAILED where one is taken or not permitted
 */
export async function findHostPorts(wishes: readonly PublishedPorts[]): Promise<readonly PublishedPorts[]> {
  const bound: BoundPort[] = [];
  try {
    const found = new Map<PublishedPorts, PublishedPorts>();
    // Those whose number is given come first, or another might take it.
    for (const wish of wishes.toSorted((a, b) => Number(a.hostPort === 0) - Number(b.hostPort === 0))) {
      const claimed = wish.hostPort === 0 ? await claimAny(wish) : await claim(wish);
      bound.push(...claimed);
      found.set(wish, { ...wish, hostPort: claimed[0]?.port ?? wish.hostPort });
    }
    return wishes.map((wish) => found.get(wish) ?? wish);
  } finally {
    await Promise.all(bound.map((port) => port.close()));
  }
}

/** What is told of ports of the host that were chosen for the user. */
export function describeChosen({ hostPort, guestPort, count, protocol }: PublishedPorts): string {
  const [port, leads] = count === 1 ? ['port', 'leads'] : ['ports', 'lead'];
  return `${protocol} ${port} ${writeRange(hostPort, count)} of this host ${leads} to ${port} ${writeRange(guestPort, count)} of the guest`;
}

async function claim(ports: PublishedPorts): Promise<BoundPort[]> {
  const bound: BoundPort[] = [];
  try {
    for (let port = ports.hostPort; port < ports.hostPort + ports.count; port += 1) {
      bound.push(await bindPort(ports, port).catch((error: unknown) => Promise.reject(refusal(ports, port, error))));
    }
    return bound;
  } catch (error) {
    await Promise.all(bound.map((each) => each.close()));
    throw error;
  }
}

async function claimAny(wish: PublishedPorts): Promise<BoundPort[]> {
  for (let attempt = 1; ; attempt += 1) {
    const first = await bindPort(wish, 0).catch((error: unknown) => Promise.reject(refusal(wish, 0, error)));
    const rest = { ...wish, hostPort: first.port + 1, count: wish.count - 1 };
    try {
      if (first.port + wish.count - 1 <= PORT_MAX) return [first, ...(await claim(rest))];
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX) throw error;
    }
    await first.close();
  }
}

function refusal(ports: PublishedPorts, port: number, error: unknown): MuvmError {
  const { code } = error as NodeJS.ErrnoException;
  const what = `Cannot publish "${writePublishedPorts(ports)}"`;
  const other = `0:${writeRange(ports.guestPort, ports.count)}${ports.protocol === 'udp' ? '/udp' : ''}`;
  const fail = (why: string, hint: string) =>
    new MuvmError('START_FAILED', `${what} as ${why}`, { hint, cause: error });
  if (code === 'EADDRINUSE') {
    return fail(
      `${ports.protocol} port ${port} of this host is taken`,
      `End what listens there, which "ss -lnp" shows, or publish "${other}", which takes a port that is free.`,
    );
  }
  if (code === 'EACCES') {
    return fail(
      `you may not listen on port ${port} of this host`,
      `Take one from the number in /proc/sys/net/ipv4/ip_unprivileged_port_start on, or "${other}", which takes one that is free.`,
    );
  }
  if (code === 'EADDRNOTAVAIL') {
    return fail(`"${ports.address}" is no address of this host`, 'Take one that "ip address" shows.');
  }
  return fail(`port ${port} of this host cannot be listened on: ${reasonOf(error)}`, 'Publish another port.');
}
