import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientSetup } from '@muvm/x11';
import type { Random } from './seeded-random.ts';
import { connectRaw, connectX, ownAuthority, request } from './x-connection.ts';
import { openWindow } from './x-window.ts';

export type ClientKind = keyof typeof CLIENTS;

/** Lives for about so long. @throws Error where something went wrong that the client is not at fault for */
type Client = (random: Random, lifeMs: number) => Promise<void>;

/** Right of the drawing. */
const LEFT = 410;
const SIDE = 40;
const OPCODE = { listFonts: 49, queryExtension: 98, putImage: 72 } as const;
const EVERY_NAME = 0x2a;

/** Draws, sees to it that the server has done so, and ends as one should: twice. */
const orderly: Client = async (random, lifeMs) => {
  const connection = await connectX(ownAuthority());
  const place = { x: LEFT + random.below(300), y: random.below(500), width: SIDE, height: SIDE };
  const window = openWindow(connection, place);
  for (const part of [0, 1]) {
    window.fill(random.below(2 ** 24), { x: part * 20, y: 0, width: 20, height: SIDE });
    await connection.roundTrip();
    await sleep(lifeMs / 2);
  }
  await end(connection.socket);
};

/** Asks for much and is gone without reading it. */
const vanishing: Client = async (random, lifeMs) => {
  const { socket } = await connectX(ownAuthority());
  const question = request(OPCODE.listFonts, 0, 0x0001_0100, EVERY_NAME);
  socket.pause();
  socket.write(Buffer.concat(Array.from({ length: 1 + random.below(20) }, () => question)));
  await vanish(socket, lifeMs);
};

/** A program that is killed at some moment, be it before it has a window. */
const killedProgram: Client = async (_, lifeMs) => {
  const geometry = `${SIDE}x${SIDE}+${LEFT}+0`;
  const child = spawn('xlogo', ['-geometry', geometry], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'close');
  await Promise.race([sleep(lifeMs), ended]);
  const endedItself = hasEnded(child);
  child.kill('SIGKILL');
  await ended;
  if (endedItself) throw new Error(`xlogo ended by itself: ${Buffer.concat(said).toString().trim()}`);
};

const garbage: Client = async (random, lifeMs) => {
  const socket = connectRaw();
  socket.write(random.bytes(1 + random.below(3000)));
  await vanish(socket, lifeMs);
};

const halfSetup: Client = async (random, lifeMs) => {
  const setup = clientSetup(ownAuthority());
  const socket = connectRaw();
  socket.write(setup.subarray(0, random.below(setup.length)));
  await vanish(socket, lifeMs);
};

const wrongCookie: Client = async (random) => {
  const refusal = await connectX({ ...authority(), data: random.bytes(16) }).then(
    () => 'it was let in',
    (error) => error.message,
  );
  if (!/^refused: .*MIT-MAGIC-COOKIE/.test(refusal)) throw new Error(refusal);
};

const noLength: Client = async (random, lifeMs) => {
  const { socket } = await connectX(ownAuthority());
  socket.write(Buffer.from([OPCODE.putImage, 0, 0, 0, ...random.bytes(20)]));
  await vanish(socket, lifeMs);
};

/** Begins a picture, and never ends it. */
const halfRequest: Client = async (random, lifeMs) => {
  const { socket } = await connectX(ownAuthority());
  socket.write(Buffer.concat([Buffer.from([OPCODE.putImage, 2, 0xff, 0xff]), random.bytes(random.below(5000))]));
  await vanish(socket, lifeMs);
};

/** A name that is longer than its request, in a request that may have any length. */
const badLengths: Client = async (random, lifeMs) => {
  const { socket } = await connectX(ownAuthority());
  const words = Array.from({ length: random.below(8) }, () => 0xffff_ffff);
  socket.write(request(OPCODE.queryExtension, 0, 0xffff, ...words));
  socket.write(random.bytes(4 * random.below(500)));
  await vanish(socket, lifeMs);
};

export const CLIENTS = {
  orderly,
  vanishing,
  killedProgram,
  garbage,
  halfSetup,
  wrongCookie,
  noLength,
  halfRequest,
  badLengths,
} as const satisfies Readonly<Record<string, Client>>;

function authority() {
  const found = ownAuthority();
  if (!found) throw new Error('there is no XAUTHORITY');
  return found;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function end(socket: Socket): Promise<void> {
  if (socket.destroyed) throw new Error('the connection ended by itself');
  const closed = once(socket, 'close');
  socket.resume().end();
  await closed;
}

/** Ends a connection without a word, if the other side has not ended it before. */
async function vanish(socket: Socket, lifeMs: number): Promise<void> {
  if (socket.destroyed) return;
  const closed = once(socket, 'close');
  const timer = setTimeout(() => socket.destroy(), lifeMs);
  await closed;
  clearTimeout(timer);
}
