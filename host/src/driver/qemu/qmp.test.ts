import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectQmp, type QmpEvent } from './qmp.ts';

let directory: string;
let path: string;
let server: Server;
const sockets: Socket[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-qmp-'));
  path = join(directory, 'qmp.sock');
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A QEMU that greets, announces an event, and answers each command as told. */
async function fakeQemu(answer: (command: string) => object): Promise<void> {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.write('{"QMP": {"version": {}, "capabilities": []}}\r\n');
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { execute, id } = JSON.parse(line);
        const event = '{"event": "RESUME", "data": {"a": 1}}\r\n';
        const reply = execute === 'qmp_capabilities' ? { return: {} } : answer(execute);
        const text = `${event}${JSON.stringify({ ...reply, id })}\r\n`;
        socket.write(text.slice(0, 10));
        setImmediate(() => socket.write(text.slice(10)));
      }
    });
  }).listen(path);
  await once(server, 'listening');
}

const patience = () => AbortSignal.timeout(5000);

test('connectQmp() waits for QEMU, answers its greeting, and passes events on', async () => {
  const events: QmpEvent[] = [];
  const connecting = connectQmp(path, (event) => events.push(event), patience());
  await fakeQemu(() => ({ return: { status: 'running' } }));
  using qmp = await connecting;
  expect(await qmp.execute('query-status')).toEqual({ status: 'running' });
  expect(events[0]).toEqual({ event: 'RESUME', data: { a: 1 } });
});

test('Qmp.execute() rejects with the description of QEMU', async () => {
  await fakeQemu(() => ({ error: { class: 'GenericError', desc: 'no such command' } }));
  using qmp = await connectQmp(path, () => {}, patience());
  await expect(qmp.execute('nonsense')).rejects.toThrow('no such command');
});

test('Qmp.execute() rejects where QEMU ends instead of answering', async () => {
  await fakeQemu(() => {
    for (const socket of sockets) socket.destroy();
    return {};
  });
  using qmp = await connectQmp(path, () => {}, patience());
  await expect(qmp.execute('quit')).rejects.toThrow('QEMU closed its control socket');
  await expect(qmp.execute('quit')).rejects.toThrow('QEMU closed its control socket');
});

test('connectQmp() gives up with its signal', async () => {
  await expect(connectQmp(path, () => {}, AbortSignal.timeout(50))).rejects.toThrow('timeout');
});
