/**
 * A client of the scripted server that shares buffers and fences with it:
 *
 *     node scripted-client.cjs SOCKET buffers|fence-file|fence-memfd
 *
 * Says on standard output what it finds, in lines.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { connectUnix, setNonblocking } from '@muvm/linux';
import { clientSetup } from '@muvm/x11';
import { fenceLibrary } from '../../peers/fence-library.ts';
import { Connection } from './connection.ts';
import { OPCODES, queryExtension, request } from './protocol.ts';

const { DRI3, SYNC } = OPCODES as { DRI3: number; SYNC: number };
const FENCE = 0x200001;
const ROUNDS = 200;
const SETUP_REPLY_BYTES = 40;

const say = (text: string) => process.stdout.write(`${text}\n`);
const FOCUS = request(43, 0);
const version = request(DRI3, 0, 1, 4);
let files = 0;

/** A file without a name where the host can map it. */
function createFile(content: string): number {
  files += 1;
  const path = `/dev/shm/muvm-scripted-${process.pid}-${files}`;
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  ftruncateSync(fd, 4096);
  writeSync(fd, content);
  return fd;
}

function describe(fd: number): string {
  const start = Buffer.alloc(4);
  readSync(fd, start, 0, 4, 0);
  const { dev, ino } = fstatSync(fd);
  return `${dev}:${ino}:${start.toString('latin1')}`;
}

function answer(connection: Connection): Buffer {
  return connection.take(32) as Buffer;
}

function planes(pixmap: number, count: number): Buffer {
  const bytes = Buffer.concat([request(DRI3, 7, pixmap, 2), Buffer.alloc(52)]);
  bytes.writeUInt16LE(bytes.length / 4, 2);
  bytes[12] = count;
  return bytes;
}

/** Everything at once, so that nothing but order says what belongs to what. */
function shareBuffers(connection: Connection): void {
  const [one, other] = [createFile('onee'), createFile('othr')];
  say(`mine ${describe(one)} ${describe(other)}`);
  const [size, shape, depth] = [4096, 0, 0];
  connection.send(Buffer.concat([FOCUS, request(DRI3, 2, 1, 2, size, shape, depth)]), [one]);
  connection.send(Buffer.concat([FOCUS, planes(3, 3), FOCUS]), [other, one, other]);
  connection.send(Buffer.concat([request(DRI3, 1, 2, 0), FOCUS, request(DRI3, 3, 1)]));
  const replies = Array.from({ length: 6 }, () => answer(connection));
  say(`replies ${replies.map((bytes) => `${bytes.readUInt16LE(2)}/${bytes[1]}`).join(' ')}`);
  const [device, back] = connection.descriptors.splice(0) as [number, number];
  say(`device ${fstatSync(device).isCharacterDevice()} same ${describe(back) === describe(one)}`);
  for (const fd of [one, other, device, back]) closeSync(fd);
}

function shareFence(connection: Connection, kind: string): void {
  const library = fenceLibrary();
  const fd = kind === 'fence-memfd' ? library.alloc() : createFile('\0\0\0\0');
  const fence = library.map(fd);
  connection.send(request(DRI3, 4, 1, FENCE, 0), [fd]);
  closeSync(fd);
  for (let round = 0; round < ROUNDS; round += 1) {
    connection.send(request(SYNC, 15, FENCE));
    library.await(fence);
    library.reset(fence);
    connection.send(Buffer.concat([request(SYNC, 19, FENCE), FOCUS]));
    library.trigger(fence);
    answer(connection);
  }
  say(`rounds ${ROUNDS}`);
  connection.send(Buffer.concat([request(SYNC, 17, FENCE), request(SYNC, 17, FENCE), FOCUS]));
  answer(connection);
  library.unmap(fence);
}

function main(path: string, scenario: string): void {
  const fd = connectUnix(path);
  setNonblocking(fd);
  using connection = new Connection(fd);
  connection.send(clientSetup(undefined));
  connection.take(SETUP_REPLY_BYTES);
  connection.send(Buffer.concat(['DRI3', 'SYNC', 'MIT-SHM'].map(queryExtension)));
  say(`present ${[1, 2, 3].map(() => answer(connection)[8]).join(' ')}`);
  connection.send(version);
  say(`version 1.${answer(connection).readUInt32LE(12)}`);
  if (scenario === 'buffers') shareBuffers(connection);
  else shareFence(connection, scenario);
  say('done');
}

main(process.argv[2] as string, process.argv[3] as string);
