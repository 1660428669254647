import { describe, expect, test } from '@jest/globals';
import { currentUser } from './current-user.ts';

const entry = () => ({ username: 'ada', homedir: '/home/ada', shell: '/bin/zsh' });
const none = () => {
  throw new Error('ENOENT: no such file or directory, uv_os_get_passwd');
};
const ids = { uid: process.getuid?.(), gid: process.getgid?.() };

describe('currentUser()', () => {
  test('is the one of the entry, with the home of the environment', () => {
    expect(currentUser({}, entry)).toEqual({ ...ids, name: 'ada', home: '/home/ada', shell: '/bin/zsh' });
    expect(currentUser({ HOME: 'relative' }, entry).home).toBe('/home/ada');
    expect(currentUser({ HOME: '/elsewhere', USER: 'eve' }, entry)).toMatchObject({ name: 'ada', home: '/elsewhere' });
  });

  test('is the one of the environment where there is no entry', () => {
    const env = { HOME: '/work', USER: 'eve', SHELL: '/bin/fish' };
    expect(currentUser(env, none)).toEqual({ ...ids, name: 'eve', home: '/work', shell: '/bin/fish' });
  });

  test('has a name, a home and a shell whatever is missing', () => {
    expect(currentUser({}, none)).toEqual({ ...ids, name: `${ids.uid}`, home: '/', shell: '/bin/sh' });
    expect(currentUser({}, () => ({ ...entry(), shell: null })).shell).toBe('/bin/sh');
  });
});
