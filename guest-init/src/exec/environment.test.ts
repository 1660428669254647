import { describe, expect, test } from '@jest/globals';
import { accountOf } from './account.ts';
import { commandEnvironment, FALLBACK_PATH } from './environment.ts';

const user = { uid: 1000, gid: 1000, groups: [44], name: 'ada', home: '/home/ada', shell: '/bin/zsh' };

describe('accountOf()', () => {
  test('gives the user the rights and places of the host', () => {
    expect(accountOf('user', user)).toEqual({ ...user, runtimeDirectory: '/run/user/1000' });
  });

  test('gives root a home of its own', () => {
    expect(accountOf('root', user)).toMatchObject({
      uid: 0,
      groups: [],
      home: '/root',
      runtimeDirectory: '/run/user/0',
    });
  });

  test('gives root the places of the user where the user is root', () => {
    const root = { ...user, uid: 0, gid: 0, home: '/var/root' };
    expect(accountOf('root', root)).toEqual(accountOf('user', root));
  });
});

describe('commandEnvironment()', () => {
  const account = accountOf('user', user);

  test('adds what only the guest knows', () => {
    expect(commandEnvironment({}, account, false)).toEqual({
      PATH: FALLBACK_PATH,
      HOME: '/home/ada',
      USER: 'ada',
      LOGNAME: 'ada',
      SHELL: '/bin/zsh',
      XDG_RUNTIME_DIR: '/run/user/1000',
      XSHMFENCE_NO_MEMFD: '1',
    });
  });

  test('leaves what the caller wants, an empty value too', () => {
    const wanted = { HOME: '/elsewhere', PATH: '', TERM: 'linux' };
    expect(commandEnvironment(wanted, account, true)).toMatchObject(wanted);
  });

  test('names a terminal where there is one', () => {
    expect(commandEnvironment({}, account, true)).toMatchObject({ TERM: 'xterm' });
  });

  test('keeps fences out of memfds whatever the caller says', () => {
    expect(commandEnvironment({ XSHMFENCE_NO_MEMFD: '0' }, account, false)).toMatchObject({ XSHMFENCE_NO_MEMFD: '1' });
  });
});
