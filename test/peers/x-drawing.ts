import { setTimeout as sleep } from 'node:timers/promises';
import { connectX, ownAuthority } from './x-connection.ts';
import { openWindow } from './x-window.ts';

/** Where the drawing is: other clients have their windows elsewhere. */
export const DRAWING = { columns: 40, rows: 30, cellPixels: 10 } as const;
const CELLS = DRAWING.columns * DRAWING.rows;
const PAUSE_MS = 20;

/** What was drawn, and how the server answered meanwhile. */
export interface Drawn {
  readonly cells: number;
  /** The longest that the server took to answer. */
  readonly slowestMs: number;
}

const colourOf = (step: number) => Math.imul(step + 1, 0x9e_37_79_b1) >>> 8;

/** The colour of each cell after so many have been drawn, row by row. Black where none was. */
export function expectedColours(cells: number): number[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const round = Math.ceil((cells - cell) / CELLS) - 1;
    return round < 0 ? 0 : colourOf(round * CELLS + cell);
  });
}

/** Draws one cell after another, and waits for the server after each, until it is told to stop. The window stays. */
export async function draw(stop: AbortSignal): Promise<Drawn> {
  const { columns, rows, cellPixels: side } = DRAWING;
  const connection = await connectX(ownAuthority());
  const window = openWindow(connection, { x: 0, y: 0, width: columns * side, height: rows * side });
  let [cells, slowestMs] = [0, 0];
  while (!stop.aborted) {
    const cell = cells % CELLS;
    const [x, y] = [(cell % columns) * side, Math.floor(cell / columns) * side];
    window.fill(colourOf(cells), { x, y, width: side, height: side });
    const startedMs = performance.now();
    await connection.roundTrip();
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    cells += 1;
    if (cells === 1) console.log('drawing');
    await sleep(PAUSE_MS);
  }
  return { cells, slowestMs: Math.round(slowestMs) };
}
