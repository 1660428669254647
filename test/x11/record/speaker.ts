/** What our own client says, as no program that could be recorded speaks big-endian, nor uses all forms of requests. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getInputFocus, type Order, openSpeaker, type Speaker, writerOf } from '../speaker.ts';

const ORDERS: Readonly<Record<string, Order>> = { 'little-endian': 'little', 'big-endian': 'big' };

export const SPEAKER_NAMES = Object.keys(ORDERS);

/** Core requests, by their opcodes. */
const CORE = {
  createWindow: 1,
  mapWindow: 8,
  destroyWindow: 4,
  internAtom: 16,
  changeProperty: 18,
  getProperty: 20,
  createGc: 55,
  fillRectangles: 70,
  putImage: 72,
  getImage: 73,
  queryExtension: 98,
  listExtensions: 99,
} as const;
const ASKED = ['BIG-REQUESTS', 'MIT-SHM', 'MIT-SHMX', 'RENDER', 'DRI2', 'DRI3', 'Present', 'NO-SUCH-EXTENSION'];
const MAJOR_OPCODE_AT = 9;
/** More than a request can have without BIG-REQUESTS. */
const BIG_IMAGE = { width: 300, height: 240 } as const;
const SMALL_IMAGE = { width: 40, height: 30 } as const;
const DEPTH = 24;
const WINDOW = { copyFromParent: 0, eventMask: 0x800, structureAndExposure: 0x2_8000 } as const;
const Z_PIXMAP = 2;
const XA_STRING = 31;
const XA_WM_NAME = 39;

/** @param path of the server's socket, which has the file `authority` beside it */
export async function speak(name: string, path: string): Promise<void> {
  const order = ORDERS[name] as Order;
  using speaker = await openSpeaker(path, order, readFileSync(join(dirname(path), 'authority')));
  const { request, u16 } = writerOf(order);
  const opcodes = new Map<string, number>();
  for (const extension of ASKED) {
    const reply = await speaker.ask(
      request(CORE.queryExtension, 0, u16(extension.length), u16(0), Buffer.from(extension)),
    );
    opcodes.set(extension, reply[MAJOR_OPCODE_AT] as number);
  }
  await speaker.ask(request(CORE.listExtensions, 0));
  await draw(speaker, order, opcodes);
  await speaker.end();
}

async function draw(speaker: Speaker, order: Order, opcodes: ReadonlyMap<string, number>): Promise<void> {
  const { request, bigRequest, u16, u32 } = writerOf(order);
  const window = speaker.firstId;
  const context = speaker.firstId + 1;
  const rectangle = Buffer.concat([20, 30, 40, 50].map(u16));
  const image = ({ width, height }: { width: number; height: number }) =>
    Buffer.concat([u32(window), u32(context), u16(width), u16(height), u16(0), u16(0), Buffer.of(0, DEPTH), u16(0)]);
  const pixels = ({ width, height }: { width: number; height: number }) => Buffer.alloc(4 * width * height, 'pixel');
  speaker.send(
    request(
      CORE.createWindow,
      WINDOW.copyFromParent,
      ...[u32(window), u32(speaker.rootWindow), ...[0, 0, 320, 240, 0, 0].map(u16)],
      ...[u32(0), u32(WINDOW.eventMask), u32(WINDOW.structureAndExposure)],
    ),
    request(CORE.createGc, 0, u32(context), u32(window), u32(0)),
    request(
      CORE.changeProperty,
      0,
      ...[window, XA_WM_NAME, XA_STRING].map(u32),
      Buffer.of(8, 0, 0, 0),
      u32(4),
      Buffer.from('name'),
    ),
    request(CORE.mapWindow, 0, u32(window)),
    request(CORE.fillRectangles, 0, u32(window), u32(context), rectangle),
    request(CORE.putImage, Z_PIXMAP, image(SMALL_IMAGE), pixels(SMALL_IMAGE)),
    request(opcodes.get('BIG-REQUESTS') as number, 0),
  );
  // An error of a core request, and requests of an extension that an engine hides: on its own connection a client may do both.
  speaker.send(request(CORE.destroyWindow, 0, u32(0)), request(opcodes.get('MIT-SHM') as number, 0));
  speaker.send(bigRequest(CORE.putImage, Z_PIXMAP, image(BIG_IMAGE), pixels(BIG_IMAGE)));
  speaker.send(bigRequest(CORE.fillRectangles, 0, u32(window), u32(context), rectangle));
  speaker.send(bigRequest(CORE.queryExtension, 0, u16(7), u16(0), Buffer.from('MIT-SHM')));
  await speaker.ask(getInputFocus(order));
  speaker.send(request(CORE.destroyWindow, 0, u32(window)));
  await speaker.ask(getInputFocus(order));
}
