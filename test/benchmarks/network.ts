/**
 * Bytes between the guest and a server on the host's loopback, through passt, beside the same two programs on the host alone,
 * over its loopback. The server, which is this process, times both from the first byte to the last.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { TEST_DRIVER } from '../framework/driver.ts';
import { REPOSITORY } from '../framework/repository.ts';
import { muvmCommand } from '../framework/run-muvm.ts';
import { sampleInTurns } from './budget.ts';
import { compared, type Figure } from './figure.ts';
import type { PartContext } from './part.ts';

const BYTES = (TEST_DRIVER === 'libkrun' ? 2 : 32) * 1024 * 1024;
// A nested guest takes about ten seconds to start the peer of each sample.
const ROUNDS = { atLeast: TEST_DRIVER === 'libkrun' ? 1 : 2, atMost: 3 };
const DIRECTIONS = ['send', 'receive'] as const;
const TIMEOUT_MS = 100_000;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const PEER = join(REPOSITORY, 'dist/bench/network-peer.cjs');

type Direction = (typeof DIRECTIONS)[number];

const rate = (startedMs: number) => BYTES / 1e6 / ((performance.now() - startedMs) / 1000);

/** Takes what the peer sends. @returns MB/s from the first byte to the last */
async function drain(socket: Socket): Promise<number> {
  let startedMs = 0;
  let bytes = 0;
  for await (const chunk of socket) {
    if (bytes === 0) startedMs = performance.now();
    bytes += (chunk as Buffer).length;
    if (bytes >= BYTES) return rate(startedMs);
  }
  throw new Error(`The peer ended after ${bytes} of ${BYTES} bytes`);
}

/** Sends until the peer says that it has all. @returns MB/s */
async function fill(socket: Socket): Promise<number> {
  const done = once(socket, 'data');
  const startedMs = performance.now();
  for (let bytes = 0; bytes < BYTES; bytes += PIECE.length) {
    if (!socket.write(PIECE)) await once(socket, 'drain');
  }
  await done;
  return rate(startedMs);
}

/** Runs the peer on one side, and times the transfer that it makes. */
async function time(server: Server, direction: Direction, side: 'host' | 'guest', env: NodeJS.ProcessEnv) {
  const { port } = server.address() as AddressInfo;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const peer = [process.execPath, PEER, side, direction, `${port}`, `${BYTES}`];
  const words = side === 'guest' ? muvmCommand(['--', ...peer]) : peer;
  const child = spawn(words[0] as string, words.slice(1), { env, stdio: ['ignore', 'inherit', 'inherit'], signal });
  const ended = once(child, 'exit');
  const noConnection = ended.then(([status]) => {
    throw new Error(`The peer on the ${side} exited before it connected: status ${status}`);
  });
  const [socket] = (await Promise.race([once(server, 'connection', { signal }), noConnection])) as [Socket];
  const speed = await (direction === 'send' ? drain : fill)(socket);
  socket.destroy();
  await ended;
  return speed;
}

export async function measureNetwork({ budget, sandbox: { env } }: PartContext): Promise<Figure[]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const figures: Figure[] = [];
  try {
    for (const [index, direction] of DIRECTIONS.entries()) {
      const speeds = await sampleInTurns(budget.share(DIRECTIONS.length - index), ROUNDS, {
        guest: () => time(server, direction, 'guest', env),
        host: () => time(server, direction, 'host', env),
      });
      const name = direction === 'send' ? 'network: guest to host' : 'network: host to guest';
      const loopback = { name: "the host's loopback", samples: speeds.host };
      figures.push(compared(name, 'MB/s', speeds.guest, loopback));
    }
  } finally {
    server.close();
  }
  return figures;
}
