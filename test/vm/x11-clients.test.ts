/** Many clients of the guest at once, good ones and bad ones, on an X server of the host. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  IS_LONG,
  onlyOnce,
  patient,
  programsMissing,
  REPOSITORY,
  type RunningMuvm,
  readPicture,
  rssBytes,
  startXServer,
  until,
  useWarmVm,
  type XServer,
} from '../framework/index.ts';
import { DRAWING, type Drawn, expectedColours } from '../peers/x-drawing.ts';
import type { Stormed } from '../peers/x-storm.ts';

const TEST_MS = 400_000;
const SETTLE_MS = 60_000;
const CLIENTS = IS_LONG ? 200 : 60;
const SECONDS = IS_LONG ? 60 : 15;
const WARM_UP_SECONDS = IS_LONG ? 20 : 5;
const KINDS = 9;
const SEED = 20_261_125;
const PEER = ['--', process.execPath, join(REPOSITORY, 'dist/peers/x11-clients.cjs')];

/** What a heap may differ by between two moments, as it is swept when it pleases. */
const SLACK_BYTES = 32 * 1024 * 1024;
const ANSWER_MS = 20_000;

const skip = programsMissing('Xvfb', 'import', 'xlogo') ?? onlyOnce();
let server: XServer;
beforeAll(async () => {
  // Each client of the guest is two of the server's while it is let in.
  server = await startXServer({ arguments: ['-maxclients', '512'] });
});
afterAll(async () => server[Symbol.asyncDispose]());
const vm = useWarmVm([], { skip, options: () => ({ env: server.env }) });

vm.test(
  'many clients come and go, some killed, some with nonsense: the others draw on, and nothing stays behind',
  async () => {
    const drawing = vm.start(['-i', ...PEER, 'draw'], { openInput: true, timeoutMs: TEST_MS });
    await drawing.untilOutput('drawing');
    await storm(WARM_UP_SECONDS, SEED);
    const before = await usage();
    const { counts, failures } = await storm(SECONDS, SEED + CLIENTS);
    expect(failures).toEqual([]);
    expect(Object.values(counts).filter((count) => count > 0).length).toBeGreaterThanOrEqual(KINDS);
    await expectBackAt(before);
    await expectRightPicture(drawing);
  },
  { timeoutMs: TEST_MS, skip },
);

async function storm(seconds: number, seed: number): Promise<Stormed> {
  const words = [...PEER, 'storm', CLIENTS, seconds, seed].map(String);
  const { status, stdout, stderr } = await vm.run(words, { timeoutMs: TEST_MS });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Stormed;
}

/** What the three that serve clients hold: descriptors, and bytes of memory. */
interface Usage {
  readonly descriptors: { readonly supervisor: number; readonly agent: number; readonly server: number };
  readonly bytes: { readonly supervisor: number; readonly agent: number };
}

const openFiles = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

async function usage(): Promise<Usage> {
  const { stdout } = await vm.run(['--status', '--json']);
  const [{ supervisorPid }] = JSON.parse(stdout) as [{ supervisorPid: number }];
  // The parent of a command is the agent.
  const script = 'ls /proc/$PPID/fd | wc -l; grep VmRSS /proc/$PPID/status';
  const agent = await vm.run(['--privileged', '--', 'sh', '-c', script]);
  const [, files, kib] = /^(\d+)\nVmRSS:\s+(\d+) kB\n$/.exec(agent.stdout) ?? [];
  return {
    descriptors: { supervisor: openFiles(supervisorPid), agent: Number(files), server: openFiles(server.pid) },
    bytes: { supervisor: rssBytes(supervisorPid) ?? 0, agent: Number(kib) * 1024 },
  };
}

async function expectBackAt(before: Usage): Promise<void> {
  let after = before;
  const isBack = async () => {
    after = await usage();
    const { supervisor, agent, server } = after.descriptors;
    const { descriptors } = before;
    return supervisor <= descriptors.supervisor && agent <= descriptors.agent && server <= descriptors.server;
  };
  const areClosed = await until(isBack, SETTLE_MS);
  expect({ areClosed, before, after }).toMatchObject({ areClosed: true });
  for (const who of ['supervisor', 'agent'] as const) {
    expect(after.bytes[who]).toBeLessThan(before.bytes[who] + SLACK_BYTES);
  }
}

/** Every cell has the colour that was drawn there last, in all its pixels. */
async function expectRightPicture(drawing: RunningMuvm): Promise<void> {
  drawing.stdin.end();
  await drawing.untilOutput('}\n');
  const seen = coloursOfCells(server.screenshot());
  drawing.kill('SIGKILL');
  const drawn = JSON.parse((await drawing.result).stdout.replace('drawing\n', '')) as Drawn;
  expect(drawn.cells).toBeGreaterThan(SECONDS);
  expect(drawn.slowestMs).toBeLessThan(patient(ANSWER_MS));
  expect(seen).toEqual(expectedColours(drawn.cells));
}

/** The colour of each cell, undefined where it has more than one. */
function coloursOfCells(screen: Buffer): (number | undefined)[] {
  const { width, bytes } = readPicture(screen);
  const { columns, rows, cellPixels: side } = DRAWING;
  return Array.from({ length: columns * rows }, (_, cell) => {
    const [left, top] = [(cell % columns) * side, Math.floor(cell / columns) * side];
    const colours = Array.from({ length: side * side }, (_, pixel) =>
      bytes.readUIntBE(3 * ((top + Math.floor(pixel / side)) * width + left + (pixel % side)), 3),
    );
    return new Set(colours).size === 1 ? colours[0] : undefined;
  });
}
