import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { muvmProcesses } from './processes.ts';
import { RESULTS } from './repository.ts';

/** Directories of their own for everything muvm touches, so that no test sees another's machine or the user's. */
export interface Sandbox extends Disposable {
  readonly directory: string;
  /** For files of the test itself; host and guest both see it. */
  readonly files: string;
  /** `$XDG_RUNTIME_DIR/muvm`. */
  readonly runRoot: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  writeConfig(config: unknown): void;
}

// What a test's own environment must not decide.
const CLEARED = /^(XDG_|MUVM_|DISPLAY$|WAYLAND_|NODE_OPTIONS$|JEST_)/;

/** OWNERSHIP: disposal removes the directory and kills whatever of muvm still runs in it. */
export function createSandbox(): Sandbox {
  // Short, as sockets lie in it: sun_path has 108 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'muvm-t-'));
  for (const name of ['run', 'config', 'state', 'files']) mkdirSync(join(directory, name), { mode: 0o700 });
  return openSandbox(directory);
}

/** The sandbox that another process made in a directory. OWNERSHIP: as of `createSandbox()` */
export function openSandbox(directory: string, files = join(directory, 'files')): Sandbox {
  const places = { run: join(directory, 'run'), config: join(directory, 'config'), state: join(directory, 'state') };
  const configFile = join(places.config, 'muvm', 'config.json');
  return {
    directory,
    files,
    runRoot: join(places.run, 'muvm'),
    configFile,
    env: sandboxEnvironment(places),
    writeConfig(config) {
      mkdirSync(join(configFile, '..'), { recursive: true });
      writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config));
    },
    [Symbol.dispose]() {
      for (const { pid } of muvmProcesses(directory)) kill(pid);
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function sandboxEnvironment(places: { run: string; config: string; state: string }): Record<string, string> {
  const kept = Object.entries(process.env).filter(([key, value]) => value !== undefined && !CLEARED.test(key));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    XDG_RUNTIME_DIR: places.run,
    XDG_CONFIG_HOME: places.config,
    XDG_STATE_HOME: places.state,
    // Shared by all tests: the guest kernel is taken out of its library once.
    XDG_CACHE_HOME: join(RESULTS, 'cache'),
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}
