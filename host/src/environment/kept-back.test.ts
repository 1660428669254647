import { describe, expect, test } from '@jest/globals';
import { isKeptBack, KEPT_BACK } from './kept-back.ts';

describe('isKeptBack()', () => {
  test.each(['DISPLAY', 'XAUTHORITY', 'HOME', 'XDG_SESSION_TYPE', 'MUVM_DEBUG_TRACE', 'LISTEN_FDS', '_'])(
    '%s',
    (name) => {
      expect(isKeptBack(name, 'anything', [])).toBe(true);
    },
  );

  test.each(['EDITOR', 'XDG_CURRENT_DESKTOP', 'XDG_DATA_DIRS', 'DISPLAY_NAME', 'TERM', 'OLDPWD'])('not %s', (name) => {
    expect(isKeptBack(name, '/anything', [])).toBe(false);
  });

  test('the address of a socket, unless the guest has that socket or it is none', () => {
    const bus = 'unix:path=/run/user/1000/bus,guid=01ab';
    expect(isKeptBack('DBUS_SESSION_BUS_ADDRESS', bus, [])).toBe(true);
    expect(isKeptBack('DBUS_SESSION_BUS_ADDRESS', bus, ['/run/user/1000/bus'])).toBe(false);
    expect(isKeptBack('DBUS_SESSION_BUS_ADDRESS', 'tcp:host=localhost,port=1', [])).toBe(false);
    expect(isKeptBack('SSH_AUTH_SOCK', '/tmp/agent', ['/tmp/agent-2'])).toBe(true);
    expect(isKeptBack('DOCKER_HOST', 'unix:///run/docker.sock', ['/run/docker.sock'])).toBe(false);
    expect(isKeptBack('DOCKER_HOST', 'tcp://docker:2375', [])).toBe(false);
    expect(isKeptBack('PULSE_SERVER', '{01ab}unix:/run/user/1000/pulse/native', [])).toBe(true);
  });
});

test('KEPT_BACK names each variable once', () => {
  const names = KEPT_BACK.flatMap((row) => row.names);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
