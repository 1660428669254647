import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, clientSetup, formatAuthorities, type ServerFacts, ServerProbe } from '@muvm/x11';
import { startXServer } from '../../framework/x-server.ts';
import { writeTrace } from '../trace.ts';
import type { Client } from './clients.ts';
import { startRecorder } from './recorder.ts';
import { replaceEverywhere, wholeMessages } from './whole-messages.ts';

const ASKED = ['MIT-SHM', 'DRI2', 'DRI3', 'BIG-REQUESTS', 'Present', 'SYNC'];
const BYTES_MAX = 900_000;
const ANSWER_TIMEOUT_MS = 10_000;
const FAMILY_WILD = 0xffff;
/** What stands in a trace in the place of the cookie. */
const COOKIE = Buffer.from('a recorded guest');

/** @returns what was recorded, in one line */
export async function record(
  client: Client,
  run: (sockets: string, server: NodeJS.ProcessEnv) => Promise<void>,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-record-'));
  const cookie = { name: 'MIT-MAGIC-COOKIE-1', data: randomBytes(COOKIE.length) };
  try {
    await using server = await startXServer({ arguments: client.server ?? [], cookie });
    const authority = { family: FAMILY_WILD, address: Buffer.alloc(0), display: '1', ...cookie };
    writeFileSync(join(directory, 'authority'), formatAuthorities([authority]), { mode: 0o600 });
    const path = `/tmp/.X11-unix/X${server.env.DISPLAY.slice(1)}`;
    const { opcodes } = await ask(path, cookie);
    const recorder = await startRecorder(join(directory, 'X1'), path, client.bytesMax ?? BYTES_MAX);
    await run(directory, server.env);
    recorder.close();
    const whole = wholeMessages(recorder.pieces, opcodes.get('BIG-REQUESTS'));
    const pieces = replaceEverywhere(whole, cookie.data, COOKIE);
    const { name, words } = client;
    const bytes = writeTrace({ name, command: words, opcodes: Object.fromEntries(opcodes), pieces });
    const connections = new Set(pieces.map(({ connection }) => connection)).size;
    return `${name}: ${connections} connections, ${pieces.length} pieces, ${bytes} bytes`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ask(path: string, cookie: Pick<Authority, 'name' | 'data'>): Promise<ServerFacts> {
  const probe = new ServerProbe(clientSetup(cookie), ASKED);
  const socket = createConnection({ path });
  await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  socket.write(probe.request);
  for await (const chunk of socket) {
    const facts = probe.feed(chunk as Buffer);
    if (facts) return facts;
  }
  throw new Error('The X server ended the connection');
}
