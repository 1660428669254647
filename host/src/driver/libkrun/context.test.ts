import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { npmLibkrun, testWith } from '../../../../test/framework/npm-libraries.ts';
import { KrunContext } from './context.ts';
import { checkDiskCount } from './context-checks.ts';
import type { KrunFunction } from './functions.ts';
import { bindLibkrun } from './library.ts';
import { loadNativeLibrary, type NativeArgument } from './native-library.ts';
import { actLibrary, functionsOf } from './testing/act-release.ts';

const ID = 3;
const MAC = Buffer.from('5a94efe40cee', 'hex');
const WINDOW = 512 * 1024 * 1024;
const COMPAT = 0x4c83;

type Call = readonly [KrunFunction, ...NativeArgument[]];

/** What a context of a release calls for one step, without the making of the context. */
function callsOf(release: string, step: (context: KrunContext) => void): Call[] {
  const { context, calls } = actContext(release);
  step(context);
  return calls();
}

function actContext(release: string, results: Parameters<typeof actLibrary>[1] = {}) {
  const acted = actLibrary(functionsOf(release), {
    krun_create_ctx: () => ID,
    ...results,
  });
  const library = bindLibkrun('/usr/lib/libkrun.so.1', acted);
  const context = new KrunContext(library);
  const before = acted.calls.length;
  return { context, library, acted, calls: () => acted.calls.slice(before) };
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-libkrun-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const RELEASES = ['1.9.5', '1.11', '1.15', '1.17', '1.18', '1.19'] as const;

/** Each way there is to do a thing, with the releases that it is for, oldest first. */
const WAYS: ReadonlyArray<{
  readonly what: string;
  readonly step: (context: KrunContext) => void;
  readonly ways: Readonly<Record<string, readonly Call[]>>;
}> = [
  {
    what: 'setMachine()',
    step: (context) => context.setMachine({ cpuCount: 4, memoryMib: 2048 }),
    ways: { '1.9.5': [['krun_set_vm_config', ID, 4, 2048]] },
  },
  {
    what: 'shareRoot()',
    step: (context) => context.shareRoot('/', WINDOW),
    ways: {
      '1.9.5': [['krun_set_root', ID, '/']],
      '1.18': [['krun_add_virtiofs3', ID, '/dev/root', '/', WINDOW, false]],
    },
  },
  {
    what: 'shareDirectory()',
    step: (context) => context.shareDirectory({ tag: 'devshm', path: '/dev/shm/', daxWindowBytes: WINDOW }),
    ways: {
      '1.9.5': [['krun_add_virtiofs2', ID, 'devshm', '/dev/shm/', WINDOW]],
      '1.18': [['krun_add_virtiofs3', ID, 'devshm', '/dev/shm/', WINDOW, false]],
    },
  },
  {
    what: 'shareDirectory() without a window',
    step: (context) => context.shareDirectory({ tag: 'x', path: '/x', daxWindowBytes: 0 }),
    ways: {
      '1.9.5': [['krun_add_virtiofs', ID, 'x', '/x']],
      '1.18': [['krun_add_virtiofs3', ID, 'x', '/x', 0, false]],
    },
  },
  {
    what: 'addDisk()',
    step: (context) => context.addDisk({ id: 'fex', path: '/usr/share/fex.erofs' }),
    ways: {
      '1.9.5': [['krun_add_disk', ID, 'fex', '/usr/share/fex.erofs', true]],
      '1.11': [['krun_add_disk2', ID, 'fex', '/usr/share/fex.erofs', 0, true]],
    },
  },
  {
    what: 'addVsockPorts() with a port to the host',
    step: (context) => context.addVsockPorts([{ port: 3333, path: '/run/pulse', direction: 'toHost' }]),
    ways: {
      '1.9.5': [['krun_add_vsock_port', ID, 3333, '/run/pulse']],
      '1.11': [['krun_add_vsock_port2', ID, 3333, '/run/pulse', false]],
      '1.17': [
        ['krun_disable_implicit_vsock', ID],
        ['krun_add_vsock', ID, 0],
        ['krun_add_vsock_port2', ID, 3333, '/run/pulse', false],
      ],
    },
  },
  {
    what: 'addVsockPorts() with no port',
    step: (context) => context.addVsockPorts([]),
    ways: {
      '1.9.5': [],
      '1.17': [
        ['krun_disable_implicit_vsock', ID],
        ['krun_add_vsock', ID, 0],
      ],
    },
  },
  {
    what: 'setGpu()',
    step: (context) => context.setGpu({ mode: 'drm', windowBytes: 2 ** 33 }),
    ways: { '1.9.5': [['krun_set_gpu_options2', ID, 0x583, 2 ** 33]] },
  },
  {
    what: 'setNetwork()',
    step: (context) => context.setNetwork({ fd: 9, mac: MAC }),
    ways: {
      '1.9.5': [
        ['krun_set_net_mac', ID, MAC],
        ['krun_set_passt_fd', ID, 9],
      ],
      '1.15': [['krun_add_net_unixstream', ID, null, 9, MAC, COMPAT, 0]],
    },
  },
  {
    what: 'setConsole()',
    step: (context) => context.setConsole('/run/console.log'),
    ways: { '1.9.5': [['krun_set_console_output', ID, '/run/console.log']] },
  },
  {
    what: 'setGuestEnvironment()',
    step: (context) => context.setGuestEnvironment(['KRUN_CONFIG=/run/a b.json', 'EMPTY=']),
    ways: { '1.9.5': [['krun_set_env', ID, ['KRUN_CONFIG=/run/a b.json', 'EMPTY=', null]]] },
  },
];

describe.each(WAYS)('$what', ({ step, ways }) => {
  test.each(RELEASES)('with libkrun %s', (release) => {
    const firstOf = Object.keys(ways).filter((each) => RELEASES.indexOf(each as never) <= RELEASES.indexOf(release));
    expect(callsOf(release, step)).toEqual(ways[firstOf.at(-1) as string]);
  });
});

describe('a new context', () => {
  test.each([
    ['1.11', ['krun_set_log_level', 2]],
    ['1.13', ['krun_init_log', -1, 2, 2, 0]],
  ])('of libkrun %s starts the log before all else', (release, log) => {
    expect(actContext(release).acted.calls).toEqual([log, ['krun_create_ctx']]);
  });

  test('starts the log of a library once, as a second time would abort', () => {
    const { library, calls } = actContext('1.13');
    new KrunContext(library);
    expect(calls()).toEqual([['krun_create_ctx']]);
  });

  test('is dropped where it was not started, and once', () => {
    const { context, calls } = actContext('1.19');
    context[Symbol.dispose]();
    context[Symbol.dispose]();
    expect(calls()).toEqual([['krun_free_ctx', ID]]);
  });
});

describe('addVsockPorts()', () => {
  test('makes one device, however often it is called', () => {
    const names = callsOf('1.19', (context) => {
      context.addVsockPorts([{ port: 1, path: '/a', direction: 'toHost' }]);
      context.addVsockPorts([{ port: 2, path: '/b', direction: 'toHost' }]);
    }).map(([name]) => name);
    expect(names.filter((name) => name === 'krun_add_vsock')).toHaveLength(1);
    expect(names.slice(0, 2)).toEqual(['krun_disable_implicit_vsock', 'krun_add_vsock']);
  });

  test('lets libkrun listen for what goes to the guest', () => {
    const path = join(directory, 'guest.sock');
    const calls = callsOf('1.15', (context) => context.addVsockPorts([{ port: 3334, path, direction: 'toGuest' }]));
    expect(calls).toEqual([['krun_add_vsock_port2', ID, 3334, path, true]]);
  });

  test('refuses a port to the guest where libkrun knows none', () => {
    const port = { port: 3334, path: join(directory, 'guest.sock'), direction: 'toGuest' } as const;
    expect(() => actContext('1.9.5').context.addVsockPorts([port])).toThrow(
      'it has no krun_add_vsock_port2: libkrun 1.10 or later is needed',
    );
  });

  test('refuses a path that is taken, be it by a link to nowhere, before it calls anything', () => {
    const path = join(directory, 'guest.sock');
    symlinkSync('/nonexistent', path);
    const { context, calls } = actContext('1.19');
    expect(() => context.addVsockPorts([{ port: 3334, path, direction: 'toGuest' }])).toThrow(
      expect.objectContaining({
        code: 'RUN_DIRECTORY',
        message: `Cannot use "${path}" as the socket of port 3334 as it is there already`,
        hint: `Remove "${path}" if no program uses it any more.`,
      }),
    );
    expect(calls()).toEqual([]);
  });

  test('takes a path that is there for what goes to the host', () => {
    const step = (context: KrunContext) => context.addVsockPorts([{ port: 1, path: directory, direction: 'toHost' }]);
    expect(() => callsOf('1.19', step)).not.toThrow();
  });
});

describe('a context refuses', () => {
  const port = (number: number, path = '/x') => ({ port: number, path, direction: 'toHost' }) as const;

  test.each<[string, (context: KrunContext) => void, string]>([
    ['no CPU', (it) => it.setMachine({ cpuCount: 0, memoryMib: 1 }), 'Cannot use 0 CPUs'],
    ['more CPUs than the guest takes', (it) => it.setMachine({ cpuCount: 17, memoryMib: 1 }), 'takes 1 to 16'],
    ['part of a CPU', (it) => it.setMachine({ cpuCount: 1.5, memoryMib: 1 }), 'Cannot use 1.5 CPUs'],
    ['no memory', (it) => it.setMachine({ cpuCount: 1, memoryMib: 0 }), 'Cannot use 0 MiB of memory'],
    ['memory of 2^32 MiB', (it) => it.setMachine({ cpuCount: 1, memoryMib: 2 ** 32 }), 'from 1 to 4294967295'],
    ['a window below 0', (it) => it.shareRoot('/', -1), 'Cannot use a window of -1 bytes'],
    ['a window of part of a byte', (it) => it.setGpu({ mode: 'drm', windowBytes: 0.5 }), 'window of 0.5 bytes'],
    ['a window too large to be exact', (it) => it.shareRoot('/', 2 ** 53), 'Cannot use a window of 9007199254740992'],
    ['port 0', (it) => it.addVsockPorts([port(0)]), 'Cannot use port 0 of the guest'],
    ['port 2^32-1', (it) => it.addVsockPorts([port(2 ** 32 - 1)]), 'from 1 to 4294967294'],
    ['a path too long for a socket', (it) => it.addVsockPorts([port(1, `/${'x'.repeat(107)}`)]), 'at most 107 bytes'],
    ['a short address', (it) => it.setNetwork({ fd: 1, mac: Buffer.alloc(5, 2) }), '"02:02:02:02:02" as a hardware'],
    ['the address of a group', (it) => it.setNetwork({ fd: 1, mac: Buffer.alloc(6, 1) }), 'not of a group'],
    ['the address of nobody', (it) => it.setNetwork({ fd: 1, mac: Buffer.alloc(6) }), '"00:00:00:00:00:00"'],
    ['a letter beyond ASCII', (it) => it.setGuestEnvironment(['KRUN_CONFIG=/home/é']), 'in printable ASCII'],
    ['a line end', (it) => it.setGuestEnvironment(['A=1\n2']), String.raw`Cannot use "A=1\n2" for the start`],
    ['a double quote', (it) => it.setGuestEnvironment(['A="1"']), 'without a double quote'],
    ['a variable without a name', (it) => it.setGuestEnvironment(['=1']), 'it must be NAME=value'],
    ['a name with a space', (it) => it.setGuestEnvironment(['A B=1']), 'it must be NAME=value'],
    ['too much of them', (it) => it.setGuestEnvironment([`A=${'x'.repeat(1023)}`]), '1025 bytes of variables as 1024'],
  ])('%s, before it calls anything', (_, step, message) => {
    const { context, calls } = actContext('1.19');
    expect(() => step(context)).toThrow(message);
    expect(calls()).toEqual([]);
  });
});

describe('start()', () => {
  test('tells that there is no libkrunfw', () => {
    const { context } = actContext('1.19', { krun_start_enter: () => -2 });
    expect(() => context.start()).toThrow(
      expect.objectContaining({
        code: 'MISSING_PART',
        message: 'Cannot start the machine as "/usr/lib/libkrun.so.1" found no usable "libkrunfw"',
      }),
    );
  });

  testWith(npmLibkrun, 'names the libkrunfw that was looked for', (path) => {
    const acted = actLibrary(functionsOf('1.17'), { krun_start_enter: () => -2 });
    const context = new KrunContext(bindLibkrun(path, acted));
    expect(() => context.start()).toThrow(`"${path}" found no usable "libkrunfw.so.5"`);
  });

  test('tells that the machine could not be built, and leaves nothing to drop', () => {
    const { context, calls } = actContext('1.19', { krun_start_enter: () => -22 });
    expect(() => context.start()).toThrow(
      expect.objectContaining({
        code: 'START_FAILED',
        message: 'Cannot start the machine as libkrun could not build it (EINVAL)',
      }),
    );
    context[Symbol.dispose]();
    expect(calls()).toEqual([['krun_start_enter', ID]]);
  });

  test('does not come back without an error', () => {
    expect(() => actContext('1.19').context.start()).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

// Its log is acted: a second start of the real one, by another test in this process, would abort.
testWith(npmLibkrun, 'libkrun 1.17.4 of npm takes a whole machine', (path) => {
  const native = loadNativeLibrary(path);
  const library = bindLibkrun(path, {
    find: (prototype) => (prototype.includes('krun_init_log') ? () => 0 : native.find(prototype)),
  });
  const context = new KrunContext(library);
  expect(() => {
    context.setMachine({ cpuCount: 2, memoryMib: 1024 });
    context.shareRoot('/', WINDOW);
    context.shareDirectory({ tag: 'devshm', path: '/dev/shm/', daxWindowBytes: WINDOW });
    context.shareDirectory({ tag: 'plain', path: directory, daxWindowBytes: 0 });
    context.addDisk({ id: 'disk', path: '/dev/null' });
    context.addVsockPorts([
      { port: 3334, path: join(directory, 'guest.sock'), direction: 'toGuest' },
      { port: 3333, path: join(directory, 'pulse.sock'), direction: 'toHost' },
    ]);
    context.setGpu({ mode: 'software', windowBytes: 2 ** 33 });
    context.setNetwork({ fd: 0, mac: MAC });
    context.setConsole(join(directory, 'console.log'));
    context.setGuestEnvironment(['KRUN_CONFIG=/run/guest.json']);
  }).not.toThrow();
  expect(() => context.setConsole(join(directory, 'other.log'))).toThrow('krun_set_console_output failed with EINVAL');
  context[Symbol.dispose]();
});

test('checkDiskCount() knows how many disks a machine of x86-64 has interrupts for', () => {
  expect(() => checkDiskCount(3, 'x64')).not.toThrow();
  expect(() => checkDiskCount(4, 'x64')).toThrow('Cannot use 4 disks as a machine of libkrun takes at most 3');
  expect(() => checkDiskCount(20, 'arm64')).not.toThrow();
});
