import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { type Connect, connectObstacle } from './connect-obstacle.ts';
import { checkWayland, checkX11 } from './display.ts';

/** Somebody listens on these sockets and on no others. */
const listening =
  (...paths: readonly string[]): Connect =>
  async (path) =>
    paths.includes(path) ? undefined : { code: 'ENOENT', reason: 'no such file or directory' };

describe('connectObstacle()', () => {
  test('tells why nobody answers', async () => {
    expect(await connectObstacle('/nonexistent')).toEqual({ code: 'ENOENT', reason: 'no such file or directory' });
  });

  test('reaches a socket in the abstract namespace', async () => {
    const path = `\0muvm-doctor-${process.pid}`;
    expect((await connectObstacle(path))?.code).toBe('ECONNREFUSED');
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await connectObstacle(path)).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('checkX11()', () => {
  const check = (display: string | undefined, connect = listening()) => checkX11({ DISPLAY: display }, connect);

  test('notes that DISPLAY is not set, or empty', async () => {
    for (const display of [undefined, '']) {
      expect(await check(display)).toMatchObject({ state: 'note', text: 'DISPLAY is not set' });
    }
  });

  test.each([':3', ':3.1', 'unix:3', 'unix/here:3.0'])('connects to the socket of "%s"', async (display) => {
    expect(await check(display, listening('/tmp/.X11-unix/X3'))).toMatchObject({
      state: 'ok',
      text: `DISPLAY is "${display}", and "/tmp/.X11-unix/X3" accepts connections`,
    });
  });

  test('connects to the abstract socket where there is no other', async () => {
    expect(await check(':3', listening('\0/tmp/.X11-unix/X3'))).toMatchObject({
      state: 'ok',
      text: 'DISPLAY is ":3", and the abstract socket "@/tmp/.X11-unix/X3" accepts connections',
    });
  });

  test('finds a problem where nobody answers', async () => {
    expect(await check(':3')).toMatchObject({
      state: 'problem',
      text: expect.stringContaining('nobody answers at "/tmp/.X11-unix/X3" (no such file or directory)'),
    });
  });

  test.each(['localhost:10', 'localhost:10.0', 'host.example:0', '[::1]:0', 'tcp/host:0'])(
    'notes that "%s" goes over TCP',
    async (display) => {
      expect(await check(display, listening('/tmp/.X11-unix/X10', '/tmp/.X11-unix/X0'))).toMatchObject({
        state: 'note',
        text: expect.stringContaining('over TCP'),
      });
    },
  );

  test.each(['/run/x/:0', '/run/x/:0.1', 'unix:/run/x/:0'])(
    'notes the socket "%s", as libkrun lacks it',
    async (display) => {
      expect(await check(display, listening('/run/x/:0'))).toMatchObject({
        state: 'note',
        text: expect.stringContaining('libkrun only understands the form ":N"'),
      });
      expect(await check(display)).toMatchObject({ state: 'problem', text: expect.stringContaining('nobody answers') });
    },
  );

  test.each(['here', ':', ':x', 'host:'])('finds a problem in "%s"', async (display) => {
    expect(await check(display)).toMatchObject({
      state: 'problem',
      text: `DISPLAY is "${display}", which names no X server`,
    });
  });
});

describe('checkWayland()', () => {
  const check = (display: string, runtime: string | undefined, connect = listening()) =>
    checkWayland({ WAYLAND_DISPLAY: display, XDG_RUNTIME_DIR: runtime }, connect);

  test('notes that WAYLAND_DISPLAY is not set', async () => {
    expect(await check('', '/run/user/7')).toMatchObject({ state: 'note', text: 'WAYLAND_DISPLAY is not set' });
  });

  test.each(['wayland-1', '/run/user/7/wayland-1'])('connects to "%s"', async (display) => {
    expect(await check(display, '/run/user/7', listening('/run/user/7/wayland-1'))).toMatchObject({
      state: 'ok',
      text: expect.stringContaining('"/run/user/7/wayland-1" accepts connections'),
    });
  });

  test('notes a socket that libkrun does not find', async () => {
    expect(await check('/opt/wayland-1', '/run/user/7', listening('/opt/wayland-1'))).toMatchObject({
      state: 'note',
      text: expect.stringContaining('XDG_RUNTIME_DIR'),
    });
  });

  test('finds a problem where nobody answers, and where the directory is not known', async () => {
    expect(await check('wayland-1', '/run/user/7')).toMatchObject({
      state: 'problem',
      text: expect.stringContaining('nobody answers at "/run/user/7/wayland-1": no such file'),
    });
    expect(await check('wayland-1', undefined)).toMatchObject({
      state: 'problem',
      text: expect.stringContaining('XDG_RUNTIME_DIR is not set'),
    });
  });
});
