/** What programs of the guest draw on an X server of the host, pixel for pixel. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import {
  holdsPicture,
  onlyOnce,
  patternPicture,
  programsMissing,
  RESULTS,
  startXServer,
  until,
  useWarmVm,
  type XServer,
} from '../framework/index.ts';

const TEST_MS = 400_000;
const WINDOW_MS = 150_000;
/** A picture that has not changed for so long is ready. */
const STILL_MS = 2000;

const missing = programsMissing('Xvfb', 'import', 'xterm', 'xlogo', 'display', 'zenity');
const skip = missing ?? onlyOnce();

let server: XServer;
beforeAll(async () => {
  server = await startXServer();
});
afterAll(async () => server[Symbol.asyncDispose]());
const vm = useWarmVm([], { skip, options: () => ({ env: server.env }) });

interface Program {
  readonly words: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** No service beside the program decides on what it looks like. */
const GTK = { NO_AT_BRIDGE: '1', GTK_THEME: 'Adwaita', GSETTINGS_BACKEND: 'memory', GDK_BACKEND: 'x11' } as const;

const SCRIPT = 'printf "Five words and a \\033[31mred\\033[0m one"; sleep 1000';
const TEXT = 'Five words and a <b>bold</b> one';

const PROGRAMS: Readonly<Record<string, Program>> = {
  xterm: { words: ['xterm', '-geometry', '60x10+20+30', '-e', 'sh', '-c', SCRIPT] },
  xlogo: { words: ['xlogo', '-geometry', '300x200+40+50', '-fg', 'blue'] },
  zenity: { words: ['zenity', '--info', '--width', '300', '--text', TEXT], env: GTK },
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  const sentence = `${name} looks the same in the guest and on the host, pixel for pixel`;
  vm.test(sentence, () => expectSamePicture(name, program).then(() => undefined), { timeoutMs: TEST_MS, skip });
}

vm.test(
  'a picture in a viewer is what its file holds, to the last pixel',
  async () => {
    const picture = patternPicture(320, 240);
    const path = join(vm.sandbox.files, 'picture.ppm');
    writeFileSync(path, picture);
    const shown = await expectSamePicture('display', { words: ['display', '-geometry', '+50+60', path] });
    expect(holdsPicture(shown, picture)).toBe(true);
  },
  { timeoutMs: TEST_MS, skip },
);

/** Runs a program on the host, then in the guest. @returns what the screen showed, both times */
async function expectSamePicture(name: string, { words, env = {} }: Program): Promise<Buffer> {
  const blank = server.screenshot();
  const expected = await pictureOnHost(blank, words, env);
  const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const client = vm.start([...variables, '--', ...words], { timeoutMs: TEST_MS });
  let seen = blank;
  const isRight = () => {
    seen = server.screenshot();
    return seen.equals(expected);
  };
  const isSame = await until(isRight, WINDOW_MS);
  if (!isSame) keepPictures(name, { expected, seen });
  client.kill('SIGKILL');
  const { stderr } = await client.result;
  expect({ isSame, stderr }).toMatchObject({ isSame: true });
  expect(await until(() => server.screenshot().equals(blank), WINDOW_MS)).toBe(true);
  return seen;
}

async function pictureOnHost(blank: Buffer, [program, ...args]: Program['words'], env: Program['env']) {
  const child = spawn(program, args, { env: { ...process.env, ...env, ...server.env }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  let last = blank;
  let sinceMs = performance.now();
  const isStill = () => {
    const now = server.screenshot();
    if (now.equals(blank) || !now.equals(last)) sinceMs = performance.now();
    last = now;
    return performance.now() - sinceMs > STILL_MS;
  };
  const hasDrawn = await until(isStill, WINDOW_MS);
  child.kill();
  await ended;
  if (!hasDrawn) throw new Error(`No window of ${program} appeared on the host`);
  expect(await until(() => server.screenshot().equals(blank), WINDOW_MS)).toBe(true);
  return last;
}

/** For somebody to look at. */
function keepPictures(name: string, pictures: Readonly<Record<string, Buffer>>): void {
  mkdirSync(RESULTS, { recursive: true });
  for (const [kind, picture] of Object.entries(pictures)) writeFileSync(join(RESULTS, `${name}-${kind}.ppm`), picture);
}
