import { describe, expect, test } from '@jest/globals';
import { accountOf } from './account.ts';
import { commandEnvironment, FALLBACK_PATH } from './environment.ts';

const user = { uid: 1000, gid: 1000, groups: [44], name: 'ada', home: '/home/ada', shell: '/bin/zsh' };

const environment = { HK_SYSMEM: '1024' };
const machine = { user, environment };

describe('accountOf()', () => {
  test('gives the user the rights and places of the host', () => {
    expect(accountOf('user', machine)).toEqual({ ...user, environment, runtimeDirectory: '/run/user/1000' });
  });

  test('gives root a home of its own', () => {
    expect(accountOf('root', machine)).toMatchObject({
      uid: 0,
      groups: [],
      home: '/root',
      runtimeDirectory: '/run/user/0',
    });
  });

  test('gives root the places of the user where the user is root', () => {
    const root = { environment, user: { ...user, uid: 0, gid: 0, home: '/var/root' } };
    expect(accountOf('root', root)).toEqual(accountOf('user', root));
  });
});

describe('commandEnvironment()', () => {
  const account = accountOf('user', machine);

  test('adds what only the guest knows', () => {
    expect(commandEnvironment({}, account, false)).toEqual({
      PATH: FALLBACK_PATH,
      HOME: '/home/ada',
      USER: 'ada',
      LOGNAME: 'ada',
      SHELL: '/bin/zsh',
      XDG_RUNTIME_DIR: '/run/user/1000',
      HK_SYSMEM: '1024',
      XSHMFENCE_NO_MEMFD: '1',
    });
  });

  test('leaves what the caller wants, an empty value too', () => {
    const wanted = { HOME: '/elsewhere', PATH: '', TERM: 'linux', HK_SYSMEM: '1' };
    expect(commandEnvironment(wanted, account, true)).toMatchObject(wanted);
  });

  test('names a terminal where there is one', () => {
    expect(commandEnvironment({}, account, true)).toMatchObject({ TERM: 'xterm' });
  });

  test('keeps fences out of memfds whatever the caller says', () => {
    expect(commandEnvironment({ XSHMFENCE_NO_MEMFD: '0' }, account, false)).toMatchObject({ XSHMFENCE_NO_MEMFD: '1' });
  });
});
