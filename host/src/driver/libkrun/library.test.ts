import { describe, expect, test } from '@jest/globals';
import { npmFirmware, npmLibkrun, testWith } from '../../../../test/framework/npm-libraries.ts';
import type { KrunFeature, KrunFunction } from './functions.ts';
import { bindLibkrun, openLibkrun } from './library.ts';
import { actLibrary, functionsOf } from './testing/act-release.ts';

const PATH = '/usr/lib/libkrun.so.1';

const without = (names: readonly KrunFunction[], ...lost: readonly KrunFunction[]) =>
  names.filter((name) => !lost.includes(name));

describe('a libkrun', () => {
  test('looks a function up when it is first asked for, and once', () => {
    const asked: string[] = [];
    const acted = actLibrary(functionsOf('1.19'));
    const library = bindLibkrun(PATH, {
      find(prototype) {
        asked.push(prototype);
        return acted.find(prototype);
      },
    });
    expect(asked.some((prototype) => prototype.includes('krun_set_gpu_options2'))).toBe(false);
    library.has('krun_set_gpu_options2');
    library.call('krun_set_gpu_options2', 0, 0, 0);
    expect(asked.filter((prototype) => prototype.includes('krun_set_gpu_options2'))).toHaveLength(1);
  });

  test('returns what a function returns', () => {
    const library = bindLibkrun(PATH, actLibrary(functionsOf('1.11'), { krun_create_ctx: () => 7 }));
    expect(library.call('krun_create_ctx')).toBe(7);
  });

  test('tells which function failed, and how', () => {
    const library = bindLibkrun(PATH, actLibrary(functionsOf('1.11'), { krun_set_vm_config: () => -22 }));
    expect(() => library.call('krun_set_vm_config', 0, 0, 0)).toThrow(
      expect.objectContaining({
        code: 'START_FAILED',
        message: 'Cannot set up the machine as krun_set_vm_config failed with EINVAL (invalid argument)',
        hint: 'See "muvm --logs" for what libkrun itself says.',
        cause: expect.objectContaining({ code: 'EINVAL', syscall: 'krun_set_vm_config' }),
      }),
    );
  });

  test('says what to install where the build lacks a device', () => {
    const library = bindLibkrun(PATH, actLibrary(functionsOf('1.11'), { krun_set_passt_fd: () => -95 }));
    expect(() => library.call('krun_set_passt_fd', 0, 5)).toThrow(
      expect.objectContaining({ hint: 'Install a libkrun that was built with this device.' }),
    );
  });

  test('refuses a function it does not have, by the release that has it', () => {
    const library = bindLibkrun(PATH, actLibrary(functionsOf('1.9.5')));
    expect(library.has('krun_add_vsock_port2')).toBe(false);
    expect(() => library.call('krun_add_vsock_port2', 0, 1, '/x', true)).toThrow(
      `Cannot use "${PATH}" as it has no krun_add_vsock_port2: libkrun 1.10 or later is needed`,
    );
  });

  test('names the build option that a function depends on', () => {
    const library = bindLibkrun(PATH, actLibrary(without(functionsOf('1.19'), 'krun_add_disk2')));
    expect(() => library.call('krun_add_disk2', 0, 'fex', '/x', 0, true)).toThrow(
      'as it has no krun_add_disk2: libkrun 1.10 or later, built with BLK=1, is needed',
    );
  });
});

describe('feature()', () => {
  const NETWORK: readonly KrunFunction[] = ['krun_add_net_unixstream', 'krun_set_passt_fd', 'krun_set_net_mac'];
  const DISKS: readonly KrunFunction[] = ['krun_add_disk', 'krun_add_disk2'];

  test.each<[string, KrunFunction[], KrunFeature, boolean | undefined]>([
    ['1.17', functionsOf('1.17'), 'NET', true],
    ['1.17 without network', without(functionsOf('1.17'), ...NETWORK), 'NET', false],
    ['1.13, which has the functions in every build', functionsOf('1.13'), 'NET', undefined],
    ['1.17', functionsOf('1.17'), 'BLK', true],
    ['1.9.5', functionsOf('1.9.5'), 'BLK', true],
    ['1.17 without disks', without(functionsOf('1.17'), ...DISKS), 'BLK', false],
    ['1.17', functionsOf('1.17'), 'GPU', undefined],
    ['1.17', functionsOf('1.17'), 'SND', undefined],
    ['1.17', functionsOf('1.17'), 'INPUT', undefined],
  ])('of %s, judged by its functions', (_, names, feature, expected) => {
    expect(bindLibkrun(PATH, actLibrary(names)).feature(feature)).toBe(expected);
  });

  test('is what krun_has_feature answers', () => {
    const answers = [1, 0, 1, -22, 0];
    const acted = actLibrary(functionsOf('1.17.3'), { krun_has_feature: (id) => answers[Number(id)] ?? -22 });
    const { feature } = bindLibkrun(PATH, acted);
    expect((['NET', 'BLK', 'GPU', 'SND', 'INPUT'] as const).map(feature)).toEqual([
      true,
      false,
      true,
      undefined,
      false,
    ]);
  });
});

describe('openLibkrun() takes', () => {
  test.each(['1.9.5', '1.11', '1.15', '1.17', '1.18', '1.19'])('libkrun %s', (release) => {
    expect(bindLibkrun(PATH, actLibrary(functionsOf(release))).path).toBe(PATH);
  });
});

describe('openLibkrun() refuses', () => {
  const AFTER_PULL_688 = without(
    functionsOf('1.19'),
    'krun_set_log_level',
    'krun_set_root',
    'krun_set_passt_fd',
    'krun_set_net_mac',
    'krun_set_console_output',
    'krun_disable_implicit_vsock',
  );

  test.each<[string, readonly KrunFunction[], string]>([
    ['another library', [], 'it is not libkrun: it has no krun_create_ctx'],
    ['libkrun 1.8', functionsOf('1.8'), 'it has no krun_add_virtiofs2: libkrun 1.9.5 or later is needed'],
    ['libkrun 2', ['krun_init_log'], 'it is libkrun 2 or later: libkrun 1.x is needed'],
    ['a libkrun on the way to 2', AFTER_PULL_688, 'it is libkrun 2 or later: libkrun 1.x is needed'],
    [
      'libkrun-sev',
      without(functionsOf('1.17'), 'krun_set_root', 'krun_add_virtiofs', 'krun_add_virtiofs2'),
      'it is a build for confidential machines, which shares no directories with the guest',
    ],
  ])('%s', (_, names, reason) => {
    expect(() => bindLibkrun(PATH, actLibrary(names))).toThrow(
      expect.objectContaining({ code: 'MISSING_PART', message: `Cannot use "${PATH}" as ${reason}` }),
    );
  });

  test('libkrun 1.19 without init-blob', () => {
    const acted = actLibrary(functionsOf('1.19'), { krun_has_feature: (id) => (id === 11 ? 0 : 1) });
    expect(() => bindLibkrun(PATH, acted)).toThrow('it was built without init-blob');
  });

  testWith(npmFirmware, 'libkrunfw', (path) => {
    expect(() => openLibkrun(path)).toThrow(`Cannot use "${path}" as it is not libkrun: it has no krun_create_ctx`);
  });
});

describe('libkrun 1.17.4 of npm', () => {
  testWith(npmLibkrun, 'is opened once', (path) => expect(openLibkrun(path)).toBe(openLibkrun(path)));

  testWith(npmLibkrun, 'has network cards and disks, but no GPU, sound or input', (path) => {
    const { feature } = openLibkrun(path);
    expect((['NET', 'BLK', 'GPU', 'SND', 'INPUT'] as const).map(feature)).toEqual([true, true, false, false, false]);
  });

  testWith(npmLibkrun, 'makes a context, sets it up, refuses what is wrong, and drops it', (path) => {
    const library = openLibkrun(path);
    const context = library.call('krun_create_ctx');
    expect(library.call('krun_set_vm_config', context, 2, 512)).toBe(0);
    expect(() => library.call('krun_set_vm_config', context, 0, 512)).toThrow(
      'krun_set_vm_config failed with EINVAL (invalid argument)',
    );
    expect(library.call('krun_free_ctx', context)).toBe(0);
    expect(() => library.call('krun_free_ctx', context)).toThrow('ENOENT (no such file or directory)');
  });
});
