import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runDirectory, vmFile } from '../vm/run-directory.ts';
import { fetchVmStatus, stopVm, watchProgress } from './client.ts';
import { serveControl } from './server.ts';
import type { ProgressEvent, VmStatus } from './status.ts';

const NAME = 'a';
const before = process.env['XDG_RUNTIME_DIR'];
let runtime: string;
let server: Server;
let stopped: number;

async function* twoPhases(): AsyncIterable<ProgressEvent> {
  yield { phase: 'supervisor', atMs: 1 };
  yield { phase: 'ready', atMs: 2 };
}

beforeEach(async () => {
  runtime = mkdtempSync(join(tmpdir(), 'muvm-control-'));
  process.env['XDG_RUNTIME_DIR'] = runtime;
  mkdirSync(runDirectory(NAME), { recursive: true });
  stopped = 0;
  server = serveControl({
    status: async () => ({ name: NAME, state: 'running' }) as VmStatus,
    progress: twoPhases,
    stop: () => {
      stopped += 1;
      setTimeout(() => rmSync(runDirectory(NAME), { recursive: true }), 30);
    },
  }).listen(vmFile(NAME, 'controlSocket'));
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(runtime, { recursive: true, force: true });
  if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
  else process.env['XDG_RUNTIME_DIR'] = before;
});

test('fetchVmStatus() gives the status of a VM that lives, and undefined for any other', async () => {
  expect(await fetchVmStatus(NAME)).toEqual({ name: NAME, state: 'running' });
  expect(await fetchVmStatus('b')).toBeUndefined();
});

test('watchProgress() gives each phase, and nothing where no VM lives', async () => {
  const events: unknown[] = [];
  for await (const event of watchProgress(NAME, AbortSignal.timeout(5000))) events.push(event);
  expect(events).toMatchObject([{ phase: 'supervisor' }, { phase: 'ready' }]);
  for await (const event of watchProgress('b', AbortSignal.timeout(5000))) events.push(event);
  expect(events).toHaveLength(2);
});

test('stopVm() waits until the run directory is gone', async () => {
  expect(await stopVm(NAME)).toBe(true);
  expect(stopped).toBe(1);
  expect(await stopVm('b')).toBe(false);
});

describe('serveControl()', () => {
  async function call(method: string, path: string): Promise<[number | undefined, string]> {
    const outgoing = request({ socketPath: vmFile(NAME, 'controlSocket'), method, path, agent: false });
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    return [response.statusCode, await text(response)];
  }

  test('names its routes to whoever asks for another', async () => {
    const [status, body] = await call('GET', '/');
    expect(status).toBe(404);
    expect(JSON.parse(body).routes).toContain('GET /v1/status');
  });

  test('does not stop a VM for a request of another method', async () => {
    expect((await call('GET', '/v1/stop'))[0]).toBe(404);
    expect(stopped).toBe(0);
  });
});
