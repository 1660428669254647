/**
 * Records what programs and an X server say to each other. Needs Xvfb, unshare and what it records; see ../traces/README.md.
 *
 *     node main.cjs                   all of clients.ts and both byte orders of the program of ours; says what is missing
 *     node main.cjs NAME…             these
 *     node main.cjs NAME -- COMMAND…  any other
 */
import { existsSync } from 'node:fs';
import { hasProgram } from '../../framework/has-program.ts';
import { CLIENTS, type Client } from './clients.ts';
import { record } from './record.ts';
import { runClient } from './run-client.ts';
import { SPEAKER_NAMES, speak } from './speaker.ts';

const say = (text: string) => process.stderr.write(`traces: ${text}\n`);

const isThere = (program: string) => (program.startsWith('/') ? existsSync(program) : hasProgram(program));

async function recordClient(client: Client): Promise<boolean> {
  const programs = [client.words[0] as string, ...(client.needs ?? []), ...(client.input ?? []).map(([word]) => word)];
  const missing = [...new Set(['Xvfb', 'unshare', ...programs])].filter((program) => !isThere(program as string));
  if (missing.length > 0) {
    say(`${client.name}: not recorded, as there is no ${missing.join(', ')}`);
    return false;
  }
  say(await record(client, (sockets, server) => runClient(client, sockets, server)));
  return true;
}

async function main(words: readonly string[]): Promise<void> {
  const dashes = words.indexOf('--');
  const [name] = words;
  if (dashes === 1 && name !== undefined) {
    await recordClient({ name, words: words.slice(2) });
    return;
  }
  const unknown = words.find((word) => ![...CLIENTS.map((client) => client.name), ...SPEAKER_NAMES].includes(word));
  if (unknown)
    throw new Error(`Cannot record "${unknown}" as it is none of ${CLIENTS.map((one) => one.name).join(', ')}`);
  const isWished = (one: string) => words.length === 0 || words.includes(one);
  for (const speaker of SPEAKER_NAMES.filter(isWished)) {
    say(await record({ name: speaker, words: [] }, (sockets) => speak(speaker, `${sockets}/X1`)));
  }
  let isWhole = true;
  for (const client of CLIENTS.filter((one) => isWished(one.name))) isWhole = (await recordClient(client)) && isWhole;
  if (!isWhole) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
