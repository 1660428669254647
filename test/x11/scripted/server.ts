/**
 * An X server of the few requests by which buffers and fences are shared, for one client at a time:
 *
 *     node scripted-server.cjs SOCKET
 *
 * Says on standard output what it is asked for, in lines. Fences are those of libxshmfence, on which it may block.
 */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acceptConnection, listenUnix, setNonblocking } from '@muvm/linux';
import { fenceLibrary } from '../../peers/fence-library.ts';
import { Connection } from './connection.ts';
import { OPCODES, reply } from './protocol.ts';

const ACCEPT_MS = 5;
const SETUP_REPLY = Buffer.concat([Buffer.of(1, 0, 11, 0, 0, 0, 8, 0), Buffer.alloc(32)]);

interface Session {
  readonly connection: Connection;
  readonly buffers: Map<number, number>;
  readonly fences: Map<number, bigint>;
}

type Handler = (session: Session, body: Buffer, sequence: number) => Buffer | undefined;

const say = (text: string) => process.stdout.write(`${text}\n`);
const library = fenceLibrary();

/** What a buffer is, whoever has a descriptor of it: where it lies and how it begins. */
function describe(fd: number): string {
  const start = Buffer.alloc(4);
  readSync(fd, start, 0, 4, 0);
  const { dev, ino } = fstatSync(fd);
  return `${dev}:${ino}:${start.toString('latin1')}`;
}

function takeDescriptors({ connection }: Session, count: number): number[] {
  const taken = connection.descriptors.splice(0, count);
  if (taken.length < count) say(`fault: ${taken.length} of ${count} descriptors`);
  return taken;
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  '43': (_, __, sequence) => reply(sequence, 0, 1),
  '98': (_, body, sequence) => {
    const opcode = OPCODES[body.toString('latin1', 4, 4 + body.readUInt16LE(0))] ?? 0;
    return reply(sequence, 0, opcode === 0 ? 0 : 1 | (opcode << 8));
  },
  'DRI3 0': (_, body, sequence) => {
    say(`version ${body.readUInt32LE(0)}.${body.readUInt32LE(4)}`);
    return reply(sequence, 0, 1, 4);
  },
  'DRI3 2': (session, body) => {
    const [fd] = takeDescriptors(session, 1) as [number];
    say(`pixmap ${body.readUInt32LE(0)} ${describe(fd)}`);
    session.buffers.set(body.readUInt32LE(0), fd);
    return undefined;
  },
  'DRI3 3': ({ connection, buffers }, body, sequence) => {
    const fd = buffers.get(body.readUInt32LE(0)) as number;
    connection.send(reply(sequence, 1, fstatSync(fd).size), [fd]);
    return undefined;
  },
  'DRI3 4': (session, body) => {
    const [fd] = takeDescriptors(session, 1) as [number];
    session.fences.set(body.readUInt32LE(4), library.map(fd));
    closeSync(fd);
    say('fence');
    return undefined;
  },
  'DRI3 7': (session, body) => {
    const descriptors = takeDescriptors(session, body[8] as number);
    say(`planes ${body.readUInt32LE(0)} ${descriptors.map(describe).join(' ')}`);
    for (const fd of descriptors) closeSync(fd);
    return undefined;
  },
  'SYNC 15': ({ fences }, body) => {
    library.trigger(fences.get(body.readUInt32LE(0)) as bigint);
    return undefined;
  },
  'SYNC 17': ({ fences }, body) => {
    const fence = fences.get(body.readUInt32LE(0));
    if (fence !== undefined) library.unmap(fence);
    fences.delete(body.readUInt32LE(0));
    say(`destroyed ${fence === undefined ? 'nothing' : 'a fence'}`);
    return undefined;
  },
  'SYNC 19': ({ fences }, body) => {
    const fence = fences.get(body.readUInt32LE(0)) as bigint;
    say('waiting');
    library.await(fence);
    library.reset(fence);
    say('awaited');
    return undefined;
  },
};

function nameOf(opcode: number, minor: number): string {
  const extension = Object.keys(OPCODES).find((name) => OPCODES[name] === opcode);
  return extension === undefined ? `${opcode}` : `${extension} ${minor}`;
}

function serve(session: Session): void {
  const { connection } = session;
  const setup = connection.take(12) as Buffer;
  connection.take(((setup.readUInt16LE(6) + 3) & ~3) + ((setup.readUInt16LE(8) + 3) & ~3));
  connection.send(SETUP_REPLY);
  for (let sequence = 1; ; sequence += 1) {
    const header = connection.take(4);
    if (!header) return;
    const name = nameOf(header[0] as number, header[1] as number);
    const body = Buffer.from(connection.take(4 * header.readUInt16LE(2) - 4) as Buffer);
    const handler = HANDLERS[name];
    if (!handler) say(`other ${name}`);
    const answer = handler?.(session, body, sequence);
    if (answer) connection.send(answer);
  }
}

async function main(path: string): Promise<void> {
  const listener = listenUnix(path);
  setNonblocking(listener);
  say('ready');
  for (;;) {
    const fd = acceptConnection(listener);
    if (fd === undefined) {
      await sleep(ACCEPT_MS);
      continue;
    }
    using connection = new Connection(fd);
    try {
      serve({ connection, buffers: new Map(), fences: new Map() });
      say(`end, ${connection.descriptors.length} descriptors left`);
    } catch (error) {
      say(`fault: ${error}`);
    }
  }
}

void main(process.argv[2] as string);
