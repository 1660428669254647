import { connect } from 'node:net';
import { reasonOf } from '@muvm/errors';

/** Why nobody can be reached at a Unix socket. */
export interface ConnectObstacle {
  /** Such as `ECONNREFUSED`; undefined where it is no system error. */
  readonly code: string | undefined;
  readonly reason: string;
}

export type Connect = (path: string) => Promise<ConnectObstacle | undefined>;

/**
 * Connects to a Unix socket and hangs up. A path that begins with a zero byte is in the abstract namespace: unix(7).
 *
 * @returns undefined where somebody listens
 */
export const connectObstacle: Connect = (path) =>
  new Promise((resolve) => {
    const socket = connect(path);
    const settle = (obstacle: ConnectObstacle | undefined) => {
      socket.destroy();
      resolve(obstacle);
    };
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => settle({ code: error.code, reason: reasonOf(error) }));
  });
