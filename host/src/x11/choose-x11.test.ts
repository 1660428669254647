import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Authority, formatAuthorities, parseAuthorities } from '@muvm/x11';
import { chooseX11, type X11Wishes, x11Obstacle } from './choose-x11.ts';

let directory: string;
let problems: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-x11-'));
  problems = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const choose = (env: NodeJS.ProcessEnv, mode: X11Wishes['mode'] = 'auto') =>
  chooseX11({ mode, uid: 7 }, { HOME: directory, ...env }, (sentence) => problems.push(sentence));

const entry = (family: number, address: string, display: string, mark: number): Authority => ({
  ...{ family, address: Buffer.from(address), display },
  ...{ name: 'MIT-MAGIC-COOKIE-1', data: Buffer.alloc(16, mark) },
});

/** The marks of the entries that the guest is given. */
function given(env: NodeJS.ProcessEnv): (number | undefined)[] {
  const { x11 } = choose(env).guest;
  if (x11.kind === 'none' || !x11.authority) return [];
  const entries = parseAuthorities(Buffer.from(x11.authority.content, 'base64'));
  expect(
    entries.every(({ family, address, display }) => family === 65_535 && address.length === 0 && display === '1'),
  ).toBe(true);
  return entries.map(({ data }) => data[0]);
}

describe('chooseX11()', () => {
  test('gives the guest its display and a socket, where DISPLAY names a server', () => {
    const chosen = choose({ DISPLAY: ':3.2' });
    expect(chosen.guest).toEqual({
      x11: { kind: 'socket', authority: null },
      environment: { DISPLAY: ':1.2', __GLX_VENDOR_LIBRARY_NAME: 'mesa' },
    });
    expect(chosen.sockets).toEqual([{ port: 6001, path: '/tmp/.X11-unix/X1', isOptional: true }]);
    expect(problems).toEqual([]);
  });

  test('leaves the way to the guest where a GPU may reach the server', () => {
    const path = join(directory, 'X3');
    expect(choose({ DISPLAY: path }).guest.x11).toEqual({ kind: 'socket', authority: null });
    expect(choose({ DISPLAY: path }, 'cross-domain').server).toBeUndefined();
    expect(choose({ DISPLAY: 'localhost:10' }, 'cross-domain').guest.x11.kind).toBe('none');
    expect(problems).toEqual([
      expect.stringMatching(/^the guest has no X server, as DISPLAY is ".*X3", which is no socket of this machine/),
      'the guest has no X server, as DISPLAY is "localhost:10", which is no socket of this machine that a GPU can be joined with; "--x11 socket" reaches it',
    ]);
  });

  test('has none where it is off, and where DISPLAY is not set', () => {
    expect(choose({ DISPLAY: ':0' }, 'off').guest.x11).toEqual({ kind: 'none', reason: 'it is off' });
    expect(choose({}).guest.x11).toEqual({ kind: 'none', reason: 'DISPLAY is not set on the host' });
    expect(problems).toEqual([]);
    expect(choose({}, 'socket').server).toBeUndefined();
    expect(problems).toEqual(['the guest has no X server, as DISPLAY is not set']);
  });

  test('tells of a DISPLAY that names none', () => {
    expect(choose({ DISPLAY: 'nonsense' }).sockets).toEqual([]);
    expect(problems).toEqual(['the guest has no X server, as DISPLAY is "nonsense", which names none']);
  });

  test('gives the guest the entries of that display alone', () => {
    const path = join(directory, 'authority');
    const entries = [
      entry(256, hostname(), '0', 1),
      entry(256, hostname(), '5', 2),
      entry(256, 'another', '0', 3),
      entry(65_535, '', '', 4),
      entry(0, '\x7f\0\0\x01', '0', 5),
      entry(65_535, '', '5', 6),
    ];
    writeFileSync(path, formatAuthorities(entries));
    expect(given({ DISPLAY: ':0', XAUTHORITY: path })).toEqual([1, 4]);
    expect(given({ DISPLAY: ':5.1', XAUTHORITY: path })).toEqual([2, 4, 6]);
    expect(choose({ DISPLAY: ':0', XAUTHORITY: path }).guest.environment['XAUTHORITY']).toBe('/run/user/7/xauth');
    expect(given({ DISPLAY: 'localhost:0', XAUTHORITY: path })).toEqual([1, 4, 5]);
  });

  test('finds ~/.Xauthority, and tells of one that cannot be read', () => {
    writeFileSync(join(directory, '.Xauthority'), formatAuthorities([entry(65_535, '', '', 9)]));
    expect(given({ DISPLAY: ':0' })).toEqual([9]);
    writeFileSync(join(directory, '.Xauthority'), 'no authority file');
    expect(given({ DISPLAY: ':0' })).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^Cannot read the X11 authority file ".*\.Xauthority": Cannot read/),
    ]);
  });
});

test('x11Obstacle() tells of a server that is not there', async () => {
  const chosen = choose({ DISPLAY: join(directory, 'none') });
  expect(await x11Obstacle(chosen)).toBe(
    `no X server answers at DISPLAY "${directory}/none": no such file or directory`,
  );
  expect(await x11Obstacle(choose({}))).toBeUndefined();
});
