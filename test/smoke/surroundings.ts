import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { hasProgram, patient, startXServer, type XServer } from '../framework/index.ts';
import { PORT } from './ports.ts';

const START_TIMEOUT_MS = 30_000;

/** What the VM of the suite meets on the host: an X server, a Unix socket, two CPUs. */
export interface Surroundings {
  /** Options that start the VM with all of it. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly socketPath: string;
  /** Two CPUs that this process may run on, or fewer if there are fewer. */
  readonly cpus: readonly number[];
  readonly xServer: XServer | undefined;
}

/** Starts the servers before the tests of a file and ends them after the tests. */
export function useSurroundings(): Surroundings {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-smoke-'));
  const socketPath = join(directory, 'echo.sock');
  const server = createServer((socket) => socket.pipe(socket).on('error', () => {}));
  const cpus = allowedCpus().slice(0, 2);
  let xServer: XServer | undefined;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    if (hasProgram('Xvfb')) xServer = await startXServer();
  }, patient(START_TIMEOUT_MS));
  afterAll(async () => {
    await xServer?.[Symbol.asyncDispose]();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    options: ['--cpu-list', cpus.join(','), '--publish', `0:${PORT}`, '--socket', socketPath],
    socketPath,
    cpus,
    get env() {
      return { ...xServer?.env };
    },
    get xServer() {
      return xServer;
    },
  };
}

/** The CPUs that this process may use, as proc_pid_status(5) lists them: `0-3,6`. */
function allowedCpus(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
