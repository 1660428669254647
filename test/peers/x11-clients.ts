/**
 * The guest's side of test/vm/x11-clients.test.ts: clients of the X server at DISPLAY.
 *
 *     node x11-clients.cjs draw                         draws, and says `drawing`, until its stdin ends; then says what it drew
 *                                                       and leaves its window open
 *     node x11-clients.cjs storm PLACES SECONDS SEED    clients come and go, good ones and bad ones; then says how it went
 *
 * What they say is JSON.
 */
import { draw } from './x-drawing.ts';
import { storm } from './x-storm.ts';

async function main([mode, ...words]: readonly string[]): Promise<void> {
  if (mode === 'draw') {
    const stop = new AbortController();
    process.stdin.resume().once('end', () => stop.abort());
    console.log(JSON.stringify(await draw(stop.signal)));
  } else {
    const [places = 1, seconds = 1, seed = 1] = words.map(Number);
    console.log(JSON.stringify(await storm(places, 1000 * seconds, seed)));
    process.exit();
  }
}

void main(process.argv.slice(2));
