import { describe, expect, test } from '@jest/globals';
import { commandEnvironment } from './environment.ts';

const caller = {
  PATH: '/bin',
  LANG: 'de_DE.UTF-8',
  LC_TIME: 'C',
  HOME: '/home/user',
  SECRET: 'x',
  TERM: 'xterm',
  COLORTERM: '',
};

function environment(wishes: Partial<Parameters<typeof commandEnvironment>[1]> = {}, from: object = caller) {
  return commandEnvironment(from as Record<string, string>, { terminal: false, wished: [], ...wishes });
}

describe('commandEnvironment()', () => {
  test('passes on what means the same in the guest, and nothing else', () => {
    expect(environment()).toEqual({ PATH: '/bin', LANG: 'de_DE.UTF-8', LC_TIME: 'C' });
  });

  test('adds the kind of terminal where there is one', () => {
    expect(environment({ terminal: true })).toMatchObject({ TERM: 'xterm', COLORTERM: '' });
  });

  test('says UTF-8 where nothing says how text is encoded', () => {
    expect(environment({}, { PATH: '/bin' })).toEqual({ PATH: '/bin', LANG: 'C.UTF-8' });
    expect(environment({}, { LANG: '' })).toEqual({ LANG: 'C.UTF-8' });
    expect(environment({}, { LC_ALL: 'C' })).toEqual({ LC_ALL: 'C' });
    expect(environment({}, { LC_CTYPE: 'C' })).toEqual({ LC_CTYPE: 'C' });
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
      ...{ PATH: '/opt', LANG: 'de_DE.UTF-8', LC_TIME: 'C' },
      ...{ A: '2', EMPTY: '', SECRET: 'x' },
    });
  });
});
