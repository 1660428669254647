import { closeSync } from 'node:fs';
import { createSocketPair } from '@muvm/linux';
import { type Helper, spawnHelper } from '@muvm/process';
import type { NetworkPlan } from '../config/vm-plan.ts';
import { passtArguments } from './passt-arguments.ts';

export interface Passt {
  readonly helper: Helper;
  /** The socket that the VMM's network card is to be connected to. OWNERSHIP: the caller closes it. */
  readonly fd: number;
}

/** Where the descriptor is that a helper is given. */
const GIVEN_FD = 3;

export interface PasstOptions extends Pick<NetworkPlan, 'publishedPorts' | 'passtArgs'> {
  readonly program: string;
  readonly onErrorLine: (line: string) => void;
}

/**
 * Starts passt, which carries the frames of one network card to the host's sockets, on a socket pair of its own: no path
 * that anything else could connect to. It ends when the other end is closed. Disposal of the helper ends it at once.
 *
 * @throws MuvmError MISSING_PART where it cannot be started
 */
export async function startPasst(options: PasstOptions): Promise<Passt> {
  const { program, publishedPorts, passtArgs, onErrorLine } = options;
  const [fd, given] = createSocketPair();
  try {
    const helper = await spawnHelper({
      name: 'passt',
      program,
      args: passtArguments(GIVEN_FD, publishedPorts, passtArgs),
      env: { PATH: '/usr/bin:/bin' },
      descriptors: [given],
      onErrorLine,
    });
    return { helper, fd };
  } catch (error) {
    closeSync(fd);
    throw error;
  } finally {
    closeSync(given);
  }
}
