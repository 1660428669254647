import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { patient } from './driver.ts';
import type { Sandbox } from './sandbox.ts';
import { until } from './until.ts';

/** A real terminal, drawn by tmux, that a test types into and reads from. Disposal ends it. */
export interface Terminal extends AsyncDisposable {
  /** Types keys, by tmux's names: `C-c`, `Enter`, or plain text. */
  sendKeys(...keys: string[]): Promise<void>;
  /** Types a line and Enter. */
  type(line: string): Promise<void>;
  /** What the screen shows, without the blanks at the ends. */
  capture(): Promise<string>;
  /** Waits until the screen matches. @throws Error with the screen as it is, where it never does */
  untilScreen(pattern: RegExp, withinMs?: number): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
}

const WAIT_MS = 20_000;
const run = promisify(execFile);
let opened = 0;

/** Opens a terminal with a shell of the host in it, whose prompt is `host$ `. */
export async function openTerminal(
  sandbox: Sandbox,
  { columns = 80, rows = 24 }: TerminalOptions = {},
): Promise<Terminal> {
  // A server that was told to end may still do so when the next one starts: each has a socket of its own.
  const socket = join(sandbox.directory, `tmux-${++opened}.sock`);
  const tmux = (...words: string[]) => run('tmux', ['-S', socket, '-f', '/dev/null', ...words], { env: sandbox.env });
  const size = ['-x', `${columns}`, '-y', `${rows}`];
  const shell = "exec env PS1='host$ ' bash --norc --noprofile";
  await tmux('new-session', '-d', '-s', 'test', ...size, '-c', sandbox.files, shell);
  await tmux('set-option', '-g', 'status', 'off');
  await tmux('resize-window', '-t', 'test', ...size);
  const capture = async () => (await tmux('capture-pane', '-p', '-t', 'test')).stdout.trimEnd();
  const terminal: Terminal = {
    capture,
    sendKeys: async (...keys) => void (await tmux('send-keys', '-t', 'test', ...keys)),
    type: async (line) => {
      await tmux('send-keys', '-t', 'test', '-l', line);
      await tmux('send-keys', '-t', 'test', 'Enter');
    },
    async untilScreen(pattern, withinMs = patient(WAIT_MS)) {
      let screen = '';
      const matched = await until(async () => {
        screen = await capture();
        return pattern.test(screen);
      }, withinMs);
      if (!matched) throw new Error(`The screen never matched ${pattern}:\n${screen}`);
      return screen;
    },
    resize: async (width, height) =>
      void (await tmux('resize-window', '-t', 'test', '-x', `${width}`, '-y', `${height}`)),
    async [Symbol.asyncDispose]() {
      await tmux('kill-server').catch(() => {});
    },
  };
  await terminal.untilScreen(/^host\$$/m);
  return terminal;
}
