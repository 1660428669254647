import { describe, expect, test } from '@jest/globals';
import { type GuestConfig, parseGuestConfig } from './guest-config.ts';

const FEX = { name: 'FEX-x86_64', architecture: 'x86_64', path: '/usr/bin/FEX', flags: 'POCF' } as const;
const ROOT = { images: ['/a.erofs'], isMerged: true, isOptional: false, fexDirectories: ['/usr/share/fex-emu'] };

const CONFIG: GuestConfig = {
  transport: 'vsock',
  hostname: 'guest',
  user: { uid: 1000, gid: 1000, groups: [], name: 'ada', home: '/home/ada', shell: '/bin/sh' },
  vsockPacketBytes: null,
  environment: {},
  sharedMemoryTag: null,
  forwardedSockets: [],
  publishedSockets: [],
  x11: { kind: 'none', reason: 'not in a test' },
  hooks: { root: [], user: [] },
  emulation: { interpreters: [FEX], isOptional: false },
  foreignRoot: ROOT,
  udevPath: null,
  openFilesMax: 1024,
  verbose: false,
};

const parse = (change: object) => parseGuestConfig(JSON.stringify({ ...CONFIG, ...change }));
const nine = Array.from({ length: 9 }, (_, index) => `/${index}`);

describe('parseGuestConfig()', () => {
  test('takes emulators and images, and none of either', () => {
    expect(parse({})).toEqual(CONFIG);
    const none = { emulation: { interpreters: [], isOptional: true }, foreignRoot: null };
    expect(parse(none)).toEqual({ ...CONFIG, ...none });
  });

  test('takes an X server with an authority file, with none, and none at all', () => {
    const authority = { path: '/run/user/1000/xauth', content: 'AAAA' };
    for (const x11 of [
      { kind: 'socket', authority },
      { kind: 'socket', authority: null },
      { kind: 'cross-domain', authority },
      { kind: 'auto', authority: null },
    ]) {
      expect(parse({ x11 })).toEqual({ ...CONFIG, x11 });
    }
    for (const x11 of [null, { kind: 'socket' }, { kind: 'none' }, { kind: 'socket', authority: { path: 'xauth' } }]) {
      expect(() => parse({ x11 })).toThrow('as the guest setting "x11"');
    }
  });

  const emulation = (change: object) => ({ emulation: { interpreters: [{ ...FEX, ...change }], isOptional: true } });
  const root = (change: object) => ({ foreignRoot: { ...ROOT, ...change } });

  test.each([
    ['a rule whose name is a path', emulation({ name: '../register' })],
    ['a rule whose name has a delimiter', emulation({ name: 'a:M' })],
    ['unknown flags', emulation({ flags: 'POCFX' })],
    ['an unknown processor', emulation({ architecture: 'vax' })],
    ['an interpreter without a whole path', emulation({ path: 'FEX' })],
    ['more rules than there are', { emulation: { interpreters: Array(17).fill(FEX), isOptional: true } }],
    ['emulators that are neither optional nor not', { emulation: { interpreters: [FEX] } }],
    ['more images than a machine has', root({ images: nine })],
    ['an image without a whole path', root({ images: ['a.erofs'] })],
    ['a root that is neither merged nor not', root({ isMerged: 1 })],
    ['more directories of FEX than it has', root({ fexDirectories: nine.slice(0, 5) })],
  ])('refuses %s', (_, change) => {
    expect(() => parse(change)).toThrow(`as the guest setting "${Object.keys(change)[0]}"`);
  });
});
