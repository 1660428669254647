/**
 * The guest's side of test/vm/gpu.test.ts. What it finds is printed as JSON.
 *
 *     node virtgpu.cjs facts             what the device tells of itself
 *     node virtgpu.cjs objects           memory as a dma-buf, and back
 *     node virtgpu.cjs x11 HEX           sends the first message of a client to the X server, and prints the answer
 *     node virtgpu.cjs buffer            takes a buffer of the host, changes it, and sends it back
 *     node virtgpu.cjs fence FILE        makes a futex of a file in /dev/shm known to the host
 */
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { EPOLL_EVENTS, Epoll, exportVirtiofsFile, mapShared } from '@muvm/linux';
import {
  BLOB_FLAGS,
  CAPSETS,
  CHANNEL_TYPES,
  type ChannelMessage,
  CROSS_DOMAIN_CAPABILITIES,
  CrossDomainChannel,
  findRenderNode,
  IDENTIFIER_TYPES,
  openVirtgpu,
  VIRTGPU_PARAMETERS,
  VIRTIO_GPU_DRIVER,
} from '@muvm/virtgpu';
import { PAGE_BYTES } from './dance.ts';

const PATIENCE_MS = 120_000;

const FUTEX_ID = 7;

function nodePath(): string {
  const path = findRenderNode(VIRTIO_GPU_DRIVER);
  if (path === undefined) throw new Error('There is no virtio-gpu');
  return path;
}

function facts(): unknown {
  const path = nodePath();
  using device = openVirtgpu(path);
  const { version, bytes, channels } = CROSS_DOMAIN_CAPABILITIES;
  const capabilities = device.capabilities(CAPSETS.crossDomain, version, bytes);
  const names = Object.entries(VIRTGPU_PARAMETERS);
  return {
    path,
    parameters: Object.fromEntries(names.map(([name, id]) => [name, device.parameter(id)])),
    channels: capabilities.readUInt32LE(channels),
  };
}

function objects(): unknown {
  using device = openVirtgpu(nodePath());
  device.initContext({ capsetId: CAPSETS.crossDomain, ringCount: 2, pollRingsMask: 2 });
  const blob = device.createBlob({ memory: 'guest', flags: BLOB_FLAGS.mappable, sizeBytes: PAGE_BYTES, blobId: 0n });
  using memory = device.map(blob.handle, PAGE_BYTES);
  memory.bytes.write('the same memory');
  const fd = device.exportHandle(blob.handle);
  using again = mapShared(fd, PAGE_BYTES);
  const isSameHandle = device.importHandle(fd) === blob.handle;
  const info = device.resourceInfo(blob.handle);
  device.closeHandle(blob.handle);
  closeSync(fd);
  return {
    text: again.bytes.toString('latin1', 0, 15),
    isSameHandle,
    isSameResource: info.resourceId === blob.resourceId,
    sizeBytes: info.sizeBytes,
    closed: codeOf(() => device.closeHandle(blob.handle)),
    notOurs: codeOf(() => device.importHandle(0)),
    event: device.readEvent(),
  };
}

function codeOf(body: () => unknown): string {
  try {
    body();
    return 'no error';
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    return `${syscall} ${code}`;
  }
}

function connect(): CrossDomainChannel {
  return new CrossDomainChannel(openVirtgpu(nodePath()), CHANNEL_TYPES.x11);
}

/** Waits for the next message, and asks for the one after it. @throws Error where none comes */
function next<Kind extends ChannelMessage['kind']>(
  channel: CrossDomainChannel,
  kind: Kind,
): Extract<ChannelMessage, { kind: Kind }> {
  using epoll = new Epoll();
  epoll.add(channel.fd, EPOLL_EVENTS.in);
  const isThere = epoll.wait(PATIENCE_MS).length > 0;
  const message = isThere ? channel.receive() : undefined;
  if (message?.kind !== kind) throw new Error(`Expected a message "${kind}", and there is ${JSON.stringify(message)}`);
  channel.poll();
  return message as Extract<ChannelMessage, { kind: Kind }>;
}

function x11([hex]: readonly string[]): unknown {
  using channel = connect();
  channel.send(Buffer.from(hex as string, 'hex'));
  let answer = Buffer.alloc(0);
  // 6 u16 words that follow these 8 bytes
  while (answer.length < 8 || answer.length < 8 + 4 * answer.readUInt16LE(6)) {
    const { data } = next(channel, 'data');
    if (data.length === 0) throw new Error(`The X server closed after ${answer.length} bytes`);
    answer = Buffer.concat([answer, data]);
  }
  return { hex: answer.toString('hex') };
}

function buffer(): unknown {
  using channel = connect();
  channel.send(Buffer.from('give'));
  const { data, identifiers } = next(channel, 'data');
  const [given] = identifiers;
  if (given === undefined) throw new Error(`There is no buffer with "${data}"`);
  const fd = channel.takeBuffer(given.id, given.sizeBytes);
  using memory = mapShared(fd, given.sizeBytes);
  const text = memory.bytes.toString('latin1', 0, 13);
  memory.bytes.write('from the guest');
  channel.withBuffers([fd], ([id]) => {
    channel.send(Buffer.from('back'), [{ id: id as number, type: IDENTIFIER_TYPES.blob }]);
  });
  return { said: data.toString(), identifiers, text, end: next(channel, 'data').data.length };
}

function fence([path]: readonly string[]): unknown {
  const fd = openSync(path as string, 'wx+', 0o600);
  ftruncateSync(fd, PAGE_BYTES);
  using memory = mapShared(fd, PAGE_BYTES);
  using channel = connect();
  const file = exportVirtiofsFile(fd);
  channel.newFutex(file, FUTEX_ID);
  channel.send(Buffer.from('fence'), [{ id: FUTEX_ID, type: IDENTIFIER_TYPES.sharedMemory }]);
  // The host begins to watch the futex between one message and the next, and says so.
  const waits = next(channel, 'data').data.toString();
  const first = next(channel, 'futex').id;
  channel.signalFutex(FUTEX_ID);
  const woken = next(channel, 'data').data.toString();
  const second = next(channel, 'futex').id;
  const word = Atomics.load(memory.words, 0);
  channel.destroyFutex(FUTEX_ID);
  channel.send(Buffer.from('destroyed'));
  const end = next(channel, 'data').data.toString();
  return { fsId: String(file.fsId), waits, first, woken, second, word, end, wordAtEnd: Atomics.load(memory.words, 0) };
}

const COMMANDS: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  facts,
  objects,
  x11,
  buffer,
  fence,
};

const [command, ...words] = process.argv.slice(2);
console.log(JSON.stringify(COMMANDS[command as string]?.(words)));
