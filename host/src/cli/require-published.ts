import { MuvmError } from '@muvm/errors';
import { type PublishedPorts, writePublishedPorts } from '../config/index.ts';
import { fetchVmStatus } from '../control/index.ts';

/**
 * Makes sure that a VM that runs already has the ports that are wished for, as it gets no more.
 *
 * @throws MuvmError USAGE
 */
export async function requirePublished(vmName: string, wishes: readonly PublishedPorts[]): Promise<void> {
  if (wishes.length === 0) return;
  const status = await fetchVmStatus(vmName);
  const missing = status && wishes.find((wish) => !status.publishedPorts.some((ports) => grants(ports, wish)));
  if (!missing) return;
  const text = writePublishedPorts(missing);
  throw new MuvmError('USAGE', `Cannot publish "${text}" as VM "${vmName}" runs already, without it`, {
    hint: 'Ports are published when a machine starts: run "muvm --stop" first, or start another one with --name.',
  });
}

/** Whether ports that are published are those of a wish, where the host's may be any. */
export function grants(ports: PublishedPorts, wish: PublishedPorts): boolean {
  return (
    ports.protocol === wish.protocol &&
    ports.address === wish.address &&
    ports.guestPort === wish.guestPort &&
    ports.count === wish.count &&
    (wish.hostPort === 0 || ports.hostPort === wish.hostPort)
  );
}
