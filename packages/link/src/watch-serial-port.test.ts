import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from './testing/pairs.ts';
import { watchSerialPort } from './watch-serial-port.ts';

// A FIFO that one opens for reading and writing has its other end in itself, so it is never hung up.
describe('watchSerialPort()', () => {
  test('waits for the device, hands it out as a stream, and again after that was destroyed', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'port');
    const stop = new AbortController();
    const sockets: Socket[] = [];
    let arrived = () => {};
    const ended = watchSerialPort(
      path,
      (socket) => {
        sockets.push(socket);
        arrived();
      },
      stop.signal,
    );
    for (let round = 0; round < 2; round += 1) {
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      if (round === 0) execFileSync('mkfifo', [path]);
      await arrival;
      const socket = sockets[round] as Socket;
      socket.write('hello');
      expect(await once(socket, 'data')).toEqual([Buffer.from('hello')]);
      if (round === 0) socket.destroy();
    }
    const closed = once(sockets[1] as Socket, 'close');
    stop.abort();
    await Promise.all([ended, closed]);
  });

  test('gives up a device that does not come', async () => {
    const stop = new AbortController();
    await expect(
      watchSerialPort('/nonexistent/port', () => {}, stop.signal, { openTimeoutMs: 20 }),
    ).rejects.toMatchObject({
      code: 'SYSTEM',
      message: 'Cannot open the serial port "/nonexistent/port": no such file or directory',
    });
  });

  test('ends with the signal while the device is missing', async () => {
    const stop = new AbortController();
    const ended = watchSerialPort('/nonexistent/port', () => {}, stop.signal);
    stop.abort();
    await ended;
  });
});
