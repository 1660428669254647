import { describe, expect, test } from '@jest/globals';
import { reachesSupervisor } from '../../vm/start-supervisor.ts';
import { displayNumber, VMM_VARIABLES, vmmEnvironment } from './vmm-environment.ts';

describe('displayNumber()', () => {
  test.each([
    [':0', ':0'],
    [':1.0', ':1'],
    [':12.3', ':12'],
    ['unix:0', ':0'],
    ['unix/host:0.0', ':0'],
  ])('makes of "%s" "%s"', (display, normal) => expect(displayNumber(display)).toBe(normal));

  test.each([['localhost:10.0'], ['host:0'], ['[::1]:0'], [''], ['nonsense'], [undefined]])(
    'leaves out "%s"',
    (display) => expect(displayNumber(display)).toBeUndefined(),
  );
});

test('every variable of the VMM reaches its supervisor', () => {
  expect(VMM_VARIABLES.filter((name) => !reachesSupervisor(name))).toEqual([]);
});

describe('vmmEnvironment()', () => {
  test('holds what the GPU needs, and nothing else of the caller', () => {
    const env = { DISPLAY: ':0.0', XDG_RUNTIME_DIR: '/run/user/7', SECRET: 'x', PATH: '/bin', PIPEWIRE_REMOTE: '' };
    expect(vmmEnvironment(env)).toEqual({ DISPLAY: ':0', XDG_RUNTIME_DIR: '/run/user/7' });
  });

  test.each([
    ['wayland-1', 'wayland-1'],
    ['/run/user/7/wayland-1', 'wayland-1'],
    ['/tmp/wayland-1', undefined],
    ['/run/user/7/', undefined],
    ['/run/user/7/a/b', undefined],
  ])('knows the Wayland display "%s" as %s', (display, name) => {
    const env = { XDG_RUNTIME_DIR: '/run/user/7', WAYLAND_DISPLAY: display };
    expect(vmmEnvironment(env)['WAYLAND_DISPLAY']).toBe(name);
  });
});
