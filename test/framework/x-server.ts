import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { formatAuthorities } from '@muvm/x11';
import { patient } from './driver.ts';

/** An X server without a screen, which lets in only those who know its cookie. */
export interface XServer extends AsyncDisposable {
  /** What its clients need in their environment. */
  readonly env: { readonly DISPLAY: string; readonly XAUTHORITY: string };
  /** Runs a program on the host as a client of it. @returns its standard output */
  run(program: string, ...args: readonly string[]): Buffer;
  /** What it shows, as a portable pixmap with 8 bits for each colour. */
  screenshot(): Buffer;
  readonly pid: number;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same display, with the same cookie. */
  restart(): Promise<void>;
}

const SCREEN = '800x600x24';
const FAMILY_LOCAL = 256;
const CLIENT_TIMEOUT_MS = 30_000;

export interface XServerOptions {
  /** Further arguments of Xvfb. */
  readonly arguments?: readonly string[];
  readonly cookie?: { readonly name: string; readonly data: Buffer };
}

const newCookie = () => ({ name: 'MIT-MAGIC-COOKIE-1', data: randomBytes(16) });

/** Starts Xvfb on a display that is free. Disposal ends it. */
export async function startXServer({ cookie = newCookie(), ...options }: XServerOptions = {}): Promise<XServer> {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-x-'));
  const authority = join(directory, 'authority');
  const write = (display: string) =>
    writeFileSync(
      authority,
      formatAuthorities([{ family: FAMILY_LOCAL, address: Buffer.from(hostname()), display, ...cookie }]),
    );
  write('');
  const words = ['-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset', '-auth', authority];
  words.push(...(options.arguments ?? []));
  const started = await startXvfb(words);
  let child = started.child;
  const env = { DISPLAY: `:${started.number}`, XAUTHORITY: authority };
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, {
      env: { ...process.env, ...env },
      timeout: patient(CLIENT_TIMEOUT_MS),
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const kill = async (signal?: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    get pid() {
      return child.pid as number;
    },
    env,
    run,
    screenshot: () => run('import', '-window', 'root', '-depth', '8', 'ppm:-'),
    kill,
    async restart() {
      await kill();
      ({ child } = await startXvfb([env.DISPLAY, ...words]));
    },
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startXvfb(words: readonly string[]) {
  const child = spawn('Xvfb', ['-displayfd', '1', ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  return { child, number: await displayNumber(child) };
}

async function displayNumber(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Xvfb ended with status ${code}`);
  });
  const said = once(child.stdout as Readable, 'data').then(([chunk]) => Number(String(chunk)));
  return Promise.race([said, ended]);
}

/** What xdpyinfo prints, without what must differ in a guest: the display's name, and extensions that cannot cross. */
export function withoutHidden(text: string): string {
  return text
    .replace(/^name of display:.*$/m, '')
    .replace(/^number of extensions:.*$/m, '')
    .replaceAll(/^ {4}(MIT-SHM|DRI2|DRI3)\n/gm, '');
}
