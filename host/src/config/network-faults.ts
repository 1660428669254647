import type { MuvmError } from '@muvm/errors';
import { fault } from './faults.ts';
import { PUBLISHED_PORTS_MAX, type PublishedPorts, writePublishedPorts } from './published-ports.ts';

/** As often as `--passt-args` may be given. */
export const PASST_ARGS_MAX = 64;

interface NetworkSettings {
  readonly publishedPorts: readonly PublishedPorts[];
  readonly passtSocket: string | undefined;
  readonly passtArgs: readonly (readonly string[])[];
}

/** What cannot be wished for of the network at the same time. */
export function networkFaults({ publishedPorts, passtSocket, passtArgs }: NetworkSettings): MuvmError[] {
  const faults = [...overlaps(publishedPorts)];
  const total = publishedPorts.reduce((sum, { count }) => sum + count, 0);
  if (total > PUBLISHED_PORTS_MAX) {
    faults.push(fault(`Cannot publish ${total} ports as ${PUBLISHED_PORTS_MAX} is the most`));
  }
  if (passtSocket === undefined) return faults;
  const hint = 'Give that passt what you want of it when you start it.';
  if (publishedPorts.length > 0) {
    faults.push(fault('Cannot use --publish together with --passt-socket as that passt runs already', hint));
  }
  if (passtArgs.length > 0) {
    faults.push(fault('Cannot use --passt-args together with --passt-socket as that passt runs already', hint));
  }
  return faults;
}

function overlaps(all: readonly PublishedPorts[]): MuvmError[] {
  return all.flatMap((ports, index) => {
    const earlier = all.slice(0, index).find((other) => overlap(ports, other));
    if (earlier === undefined) return [];
    const [text, other] = [writePublishedPorts(ports), writePublishedPorts(earlier)];
    return [fault(`Cannot publish "${text}" together with "${other}" as both want the same port of the host`)];
  });
}

function overlap(one: PublishedPorts, other: PublishedPorts): boolean {
  const isAddressShared = one.address === undefined || other.address === undefined || one.address === other.address;
  return (
    isAddressShared &&
    one.protocol === other.protocol &&
    one.hostPort !== 0 &&
    other.hostPort !== 0 &&
    one.hostPort < other.hostPort + other.count &&
    other.hostPort < one.hostPort + one.count
  );
}
