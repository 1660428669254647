import { describe, expect, test } from '@jest/globals';
import { commandEnvironment, type EnvironmentWishes } from './command-environment.ts';

const caller = {
  PATH: '/bin',
  LANG: 'de_DE.UTF-8',
  LC_TIME: 'C',
  HOME: '/home/user',
  SECRET: 'x',
  TERM: 'xterm',
  COLORTERM: '',
};

const none = { terminal: false, inherit: false, sharedSockets: [], firefoxProfile: undefined, wished: [] };
const xim = { GTK_IM_MODULE: 'xim', QT_IM_MODULE: 'xim' };

function environment(wishes: Partial<EnvironmentWishes> = {}, from: object = caller) {
  return commandEnvironment(from as Record<string, string>, { ...none, ...wishes });
}

describe('commandEnvironment()', () => {
  test('passes on what means the same in the guest, and nothing else', () => {
    expect(environment()).toEqual({ PATH: '/bin', LANG: 'de_DE.UTF-8', LC_TIME: 'C', ...xim });
  });

  test('adds the kind of terminal where there is one', () => {
    expect(environment({ terminal: true })).toMatchObject({ TERM: 'xterm', COLORTERM: '' });
  });

  test('says UTF-8 where nothing says how text is encoded', () => {
    expect(environment({}, { PATH: '/bin' })).toEqual({ PATH: '/bin', LANG: 'C.UTF-8', ...xim });
    expect(environment({}, { LANG: '' })).toEqual({ LANG: 'C.UTF-8', ...xim });
    expect(environment({}, { LC_ALL: 'C' })).toEqual({ LC_ALL: 'C', ...xim });
    expect(environment({}, { LC_CTYPE: 'C' })).toEqual({ LC_CTYPE: 'C', ...xim });
  });

  test('gives wished variables their value, that of the caller, or none; the last wish counts', () => {
    const wished = [
      { key: 'A', value: '1' },
      { key: 'A', value: '2' },
      { key: 'EMPTY', value: '' },
      { key: 'SECRET', value: undefined },
      { key: 'UNSET', value: undefined },
      { key: 'PATH', value: '/opt' },
    ];
    expect(environment({ wished })).toEqual({
      ...xim,
      ...{ PATH: '/opt', LANG: 'de_DE.UTF-8', LC_TIME: 'C' },
      ...{ A: '2', EMPTY: '', SECRET: 'x' },
    });
  });

  test('turns input methods to the display, unless something else is wished for', () => {
    const from = { GTK_IM_MODULE: 'ibus', QT_IM_MODULE: 'fcitx' };
    expect(environment({ inherit: true }, from)).toMatchObject(xim);
    const wished = [{ key: 'GTK_IM_MODULE', value: undefined }];
    expect(environment({ wished }, from)).toMatchObject({ GTK_IM_MODULE: 'ibus', QT_IM_MODULE: 'xim' });
  });

  test('gives Firefox a profile of its own, unless it has one, or a wish', () => {
    const firefoxProfile = '/run/user/1/firefox';
    expect(environment({ firefoxProfile })).toMatchObject({ XRE_PROFILE_PATH: firefoxProfile });
    expect(environment({ firefoxProfile }, { XRE_PROFILE_PATH: '/own' })).toMatchObject({ XRE_PROFILE_PATH: '/own' });
    const wished = [{ key: 'XRE_PROFILE_PATH', value: '' }];
    expect(environment({ firefoxProfile, wished })).toMatchObject({ XRE_PROFILE_PATH: '' });
  });

  test('passes on all that means something in the guest where that is wished for', () => {
    const from = {
      ...caller,
      DISPLAY: ':0',
      SHLVL: '2',
      EMPTY: '',
      SSH_AUTH_SOCK: '/run/user/1/agent',
      LANG: undefined,
    };
    expect(environment({ inherit: true }, from)).toEqual({
      ...{
        PATH: '/bin',
        LANG: 'C.UTF-8',
        LC_TIME: 'C',
        SECRET: 'x',
        TERM: 'xterm',
        COLORTERM: '',
        SHLVL: '2',
        EMPTY: '',
      },
      ...xim,
    });
    const wished = [{ key: 'DISPLAY', value: undefined }];
    expect(environment({ inherit: true, wished, sharedSockets: ['/run/user/1/agent'] }, from)).toMatchObject({
      DISPLAY: ':0',
      SSH_AUTH_SOCK: '/run/user/1/agent',
    });
  });
});
