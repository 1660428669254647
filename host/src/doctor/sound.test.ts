import { describe, expect, test } from '@jest/globals';
import type { Connect } from './connect-obstacle.ts';
import { checkPipewire, checkPulse } from './sound.ts';

const XDG_RUNTIME_DIR = '/run/user/7';

/** Somebody listens on these sockets; of the others each is not there. */
const listening =
  (...paths: readonly string[]): Connect =>
  async (path) =>
    paths.includes(path) ? undefined : { code: 'ENOENT', reason: 'no such file or directory' };

const refusing: Connect = async () => ({ code: 'ECONNREFUSED', reason: 'connection refused' });

describe('checkPulse()', () => {
  test('connects to the socket of the session', async () => {
    expect(await checkPulse({ XDG_RUNTIME_DIR }, listening('/run/user/7/pulse/native'))).toMatchObject({
      state: 'ok',
      text: '"/run/user/7/pulse/native" accepts connections',
    });
  });

  test.each(['unix:/run/p', '/run/p', '{0123abc}unix:/run/p', 'tcp:host unix:/run/p'])(
    'connects to the socket in PULSE_SERVER "%s"',
    async (server) => {
      const env = { XDG_RUNTIME_DIR, PULSE_SERVER: server };
      expect(await checkPulse(env, listening('/run/p'))).toMatchObject({
        state: 'ok',
        text: `PULSE_SERVER is "${server}", and "/run/p" accepts connections`,
      });
    },
  );

  test.each(['tcp:host:4713', 'host'])('notes that PULSE_SERVER "%s" is no socket of this machine', async (server) => {
    expect((await checkPulse({ PULSE_SERVER: server }, listening())).state).toBe('note');
  });

  test('finds a problem where PULSE_SERVER names a socket that nobody listens on', async () => {
    expect(await checkPulse({ PULSE_SERVER: 'unix:/run/p' }, listening())).toMatchObject({
      state: 'problem',
      text: expect.stringContaining('nobody answers at "/run/p": no such file or directory'),
    });
  });

  test('notes that there is no server, and no session', async () => {
    expect(await checkPulse({ XDG_RUNTIME_DIR }, listening())).toMatchObject({
      state: 'note',
      text: 'There is no "/run/user/7/pulse/native"',
    });
    expect((await checkPulse({}, listening())).state).toBe('note');
  });

  test('finds a problem where the socket is there and nobody listens', async () => {
    expect(await checkPulse({ XDG_RUNTIME_DIR }, refusing)).toMatchObject({
      state: 'problem',
      text: 'Nobody answers at "/run/user/7/pulse/native": connection refused',
    });
  });
});

describe('checkPipewire()', () => {
  test.each([
    [{ XDG_RUNTIME_DIR }, '/run/user/7/pipewire-0'],
    [{ XDG_RUNTIME_DIR, PIPEWIRE_REMOTE: 'pipewire-1' }, '/run/user/7/pipewire-1'],
    [{ XDG_RUNTIME_DIR, PIPEWIRE_RUNTIME_DIR: '/run/pw' }, '/run/pw/pipewire-0'],
    [{ PIPEWIRE_REMOTE: '/run/pw/socket' }, '/run/pw/socket'],
  ])('of %j connects to "%s"', async (env, path) => {
    expect(await checkPipewire(env, listening(path))).toMatchObject({
      state: 'ok',
      text: `"${path}" accepts connections`,
    });
  });

  test('notes that there is none, and no session', async () => {
    expect((await checkPipewire({ XDG_RUNTIME_DIR }, listening())).state).toBe('note');
    expect(await checkPipewire({}, listening())).toMatchObject({ state: 'note', text: 'XDG_RUNTIME_DIR is not set' });
  });
});
