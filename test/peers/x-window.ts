import { request, type XConnection } from './x-connection.ts';

/** A window that rectangles of one colour each are drawn in. */
export interface XWindow {
  readonly id: number;
  fill(colour: number, rectangle: Rectangle): void;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const OPCODE = { createWindow: 1, mapWindow: 8, createGc: 55, changeGc: 56, polyFillRectangle: 70 } as const;
const COPY_FROM_PARENT = 0;
const INPUT_OUTPUT = 1;
const MASK = { backgroundPixel: 0x2, foreground: 0x4 } as const;

const pair = (low: number, high: number) => ((high << 16) | low) >>> 0;

/** Opens a black window without a border, and shows it. */
export function openWindow({ socket, firstId, rootWindow }: XConnection, place: Rectangle): XWindow {
  const [id, context] = [firstId, firstId + 1];
  const { x, y, width, height } = place;
  const kind = [pair(0, INPUT_OUTPUT), COPY_FROM_PARENT, MASK.backgroundPixel, 0];
  socket.write(
    request(OPCODE.createWindow, COPY_FROM_PARENT, id, rootWindow, pair(x, y), pair(width, height), ...kind),
  );
  socket.write(request(OPCODE.mapWindow, 0, id));
  socket.write(request(OPCODE.createGc, 0, context, id, MASK.foreground, 0));
  return {
    id,
    fill(colour, { x, y, width, height }) {
      socket.write(request(OPCODE.changeGc, 0, context, MASK.foreground, colour));
      socket.write(request(OPCODE.polyFillRectangle, 0, id, context, pair(x, y), pair(width, height)));
    },
  };
}
