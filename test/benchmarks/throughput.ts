/**
 * Streams of a command beside the same bytes through a virtio-serial port of their own, where a Node relay in the guest
 * passes them between the port and the same child: what one port can carry, without gRPC and without the supervisor.
 *
 * Times run from the first byte to the last.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { TEST_DRIVER } from '../framework/driver.ts';
import { REPOSITORY } from '../framework/repository.ts';
import { runMuvm, startMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { sampleInTurns } from './budget.ts';
import { compared, type Figure, figure } from './figure.ts';
import type { PartContext } from './part.ts';

const BYTES = (TEST_DRIVER === 'libkrun' ? 2 : 16) * 1024 * 1024;
const ROUNDS = { atLeast: 2, atMost: 7 };
const RATIO_MIN = 0.5;
const TIMEOUT_MS = 60_000;
/** Number of the port on the bus: far from those that muvm uses. */
const PORT_NUMBER = 8;
const STDOUT = 'stdout: muvm -- cat FILE';
const STDIN = 'stdin: muvm -i -- cat';
const RELAY = join(REPOSITORY, 'dist/bench/relay.cjs');

const rate = (startedMs: number) => BYTES / 1e6 / ((performance.now() - startedMs) / 1000);

export const benchPort = (sandbox: Sandbox) => join(sandbox.directory, 'bench.sock');

/** What QEMU must be started with so that there is a port to compare with. */
export function benchPortArguments(sandbox: Sandbox): string {
  return [
    `-chardev socket,id=bench,path=${benchPort(sandbox)},server=on,wait=off`,
    `-device virtserialport,nr=${PORT_NUMBER},chardev=bench,name=muvm.bench`,
  ].join(' ');
}

/** Reads so many bytes. @returns MB/s from the first to the last */
async function drain(stream: Readable): Promise<number> {
  let startedMs = 0;
  let bytes = 0;
  for await (const chunk of stream) {
    if (bytes === 0) startedMs = performance.now();
    bytes += (chunk as Buffer).length;
    if (bytes >= BYTES) return rate(startedMs);
  }
  throw new Error(`The stream ended after ${bytes} of ${BYTES} bytes`);
}

/** Writes so many bytes. @returns MB/s until the other side confirms them @throws Error if the stream closes before */
async function fill(stream: Writable, whenDone: Promise<void>): Promise<number> {
  const closed = once(stream, 'close').then(() => {
    throw new Error(`The stream closed before it took ${BYTES} bytes`);
  });
  const piece = Buffer.alloc(64 * 1024, 'x');
  const startedMs = performance.now();
  for (let bytes = 0; bytes < BYTES; bytes += piece.length) {
    if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), closed]);
  }
  await Promise.race([whenDone, closed]);
  return rate(startedMs);
}

async function execOut(sandbox: Sandbox, file: string): Promise<number> {
  const client = startMuvm(sandbox, ['--', 'cat', file], { timeoutMs: TIMEOUT_MS });
  const speed = await drain(client.stdout);
  await client.result;
  return speed;
}

async function execIn(sandbox: Sandbox): Promise<number> {
  const script = `echo ready; head -c ${BYTES} | cat > /dev/null; echo done`;
  const client = startMuvm(sandbox, ['-i', '--', 'sh', '-c', script], { openInput: true, timeoutMs: TIMEOUT_MS });
  await client.untilOutput('ready');
  const speed = await fill(client.stdin, client.untilOutput('done'));
  client.stdin.end();
  await client.result;
  return speed;
}

/** Runs the relay in the guest, which says `ready` when it has the port. */
async function withRelay<T>(sandbox: Sandbox, args: readonly string[], body: (port: Socket) => Promise<T>): Promise<T> {
  const words = ['--privileged', '--', process.execPath, RELAY, String(PORT_NUMBER), ...args];
  const port = connect(benchPort(sandbox));
  port.on('error', () => {});
  const relay = startMuvm(sandbox, words, { timeoutMs: TIMEOUT_MS });
  try {
    await relay.untilOutput('ready');
    return await body(port);
  } finally {
    relay.kill('SIGKILL');
    port.destroy();
    await relay.result;
  }
}

const rawOut = (sandbox: Sandbox, file: string) => withRelay(sandbox, ['out', file], (port) => drain(port));

const rawIn = (sandbox: Sandbox) =>
  withRelay(sandbox, ['in', String(BYTES)], (port) => {
    const done = new Promise<void>((resolve) => port.once('data', () => resolve()));
    return fill(port, done);
  });

export async function measureThroughput({ budget, sandbox }: PartContext): Promise<Figure[]> {
  const file = join(sandbox.files, 'bytes');
  writeFileSync(file, Buffer.alloc(BYTES, 'x'));
  await runMuvm(sandbox, ['--', 'sh', '-c', `cat '${file}' > /dev/null`]);
  const exec = { execOut: () => execOut(sandbox, file), execIn: () => execIn(sandbox) };
  if (TEST_DRIVER === 'libkrun') {
    // Over vsock there is no port that could be compared with.
    const speeds = await sampleInTurns(budget, ROUNDS, exec);
    return [figure(STDOUT, 'MB/s', speeds.execOut), figure(STDIN, 'MB/s', speeds.execIn)];
  }
  const raw = { rawOut: () => rawOut(sandbox, file), rawIn: () => rawIn(sandbox) };
  const speeds = await sampleInTurns(budget, ROUNDS, { ...exec, ...raw });
  const name = 'a Node relay on a raw port';
  const bounds = { atLeast: RATIO_MIN };
  return [
    compared(STDOUT, 'MB/s', speeds.execOut, { name, samples: speeds.rawOut }, bounds),
    compared(STDIN, 'MB/s', speeds.execIn, { name, samples: speeds.rawIn }, bounds),
  ];
}
