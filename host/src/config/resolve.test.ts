import { describe, expect, test } from '@jest/globals';
import type { MuvmError } from '@muvm/errors';
import { fault } from './faults.ts';
import type { Host } from './host.ts';
import { planVm, resolveSettings } from './resolve.ts';
import type { SettingName } from './settings.ts';
import type { Given } from './source.ts';
import { testHost } from './test-host.ts';

type Flags = Partial<Record<SettingName, Given>>;

const USER_FILE = '/home/user/.config/muvm/config.json';

function resolve(flags: Flags = {}, command = ['true'], host: Host = testHost(), faults: MuvmError[] = []) {
  const given = new Map(Object.entries(flags)) as Map<SettingName, Given>;
  return resolveSettings({ given, command, faults }, host);
}

function faultsOf(...args: Parameters<typeof resolve>): string[] {
  try {
    resolve(...args);
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    return errors.map(({ message }: Error) => message);
  }
  return [];
}

describe('resolveSettings()', () => {
  test('fills everything in where nothing is given', () => {
    const { settings } = resolve();
    expect(settings).toMatchObject({
      name: 'default',
      vmm: 'auto',
      memoryMib: undefined,
      lingerMs: 0,
      cpus: undefined,
    });
    expect(settings).toMatchObject({ workdir: '/home/user/project', identity: 'user', env: [], interactive: false });
  });

  test('takes options over files, and the stronger file over the weaker', () => {
    const files = {
      [USER_FILE]: '{"mem": 2048, "name": "mine"}',
      '/etc/muvm/config.json': '{"mem": 1024, "name": "site", "linger": 1.5, "cpu-list": "1"}',
      '/usr/lib/muvm/config.json': '{"linger": 9, "verbose": true}',
    };
    const { settings } = resolve({ name: ['given'] }, ['true'], testHost({ files }));
    expect(settings).toMatchObject({ name: 'given', memoryMib: 2048, lingerMs: 1500, cpus: [1], verbose: true });
  });

  test('takes one entry of a list without an array, as well', () => {
    const files = { [USER_FILE]: '{"execute_pre": "/opt/hook", "env": "A=b"}' };
    const { settings } = resolve({}, ['true'], testHost({ files }));
    expect(settings.rootHooks).toEqual(['/opt/hook']);
    expect(settings.env).toEqual([{ key: 'A', value: 'b' }]);
  });

  test('lets a stronger file switch off what a weaker one switched on', () => {
    const files = { [USER_FILE]: '{"verbose": false}', '/etc/muvm/config.json': '{"verbose": true}' };
    expect(resolve({}, ['true'], testHost({ files })).settings.verbose).toBe(false);
  });

  test('lets the stronger of two opposites count, wherever they stand', () => {
    const quietFile = testHost({ files: { [USER_FILE]: '{"quiet": true}' } });
    expect(resolve({ verbose: true }, ['true'], quietFile).settings).toMatchObject({ verbose: true, quiet: false });
    const files = { [USER_FILE]: '{"quiet": false}', '/etc/muvm/config.json': '{"verbose": true}' };
    expect(resolve({}, ['true'], testHost({ files })).settings).toMatchObject({ verbose: true, quiet: false });
    expect(resolve({ quiet: true }, ['true'], testHost({ files })).settings).toMatchObject({ verbose: false });
  });

  test('tells where each value comes from', () => {
    const files = {
      [USER_FILE]: '{"mem": 2048, "env": ["A=1", "B"]}',
      '/etc/muvm/config.json': '{"mem": 1024, "env": ["C"], "verbose": true}',
    };
    const { originsOf } = resolve({ env: ['D=4'], quiet: true, memoryMib: ['512'] }, ['true'], testHost({ files }));
    expect(originsOf('memoryMib')).toEqual(['--mem']);
    expect(originsOf('env')).toEqual(['/etc/muvm/config.json', USER_FILE, USER_FILE, '--env']);
    expect([originsOf('quiet'), originsOf('verbose')]).toEqual([['--quiet'], ['--quiet']]);
    expect(originsOf('vmm')).toEqual([]);
  });

  test('puts variables of options behind those of files, so that they count', () => {
    const files = { [USER_FILE]: '{"env": ["A=file", "B=file"]}', '/etc/muvm/config.json': '{"env": ["A=site"]}' };
    const { settings } = resolve({ env: ['A=flag', 'C'] }, ['true'], testHost({ files }));
    expect(settings.env.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'A=site',
      'A=file',
      'B=file',
      'A=flag',
      'C=undefined',
    ]);
  });

  test('looks for the file where XDG_CONFIG_HOME says, unless that is relative', () => {
    const files = { '/xdg/muvm/config.json': '{"name": "xdg"}', [USER_FILE]: '{"name": "home"}' };
    const nameWith = (directory: string) => {
      const env = { HOME: '/home/user', XDG_CONFIG_HOME: directory };
      return resolve({}, ['true'], testHost({ files, env })).settings.name;
    };
    expect([nameWith('/xdg'), nameWith('xdg'), nameWith('')]).toEqual(['xdg', 'home', 'home']);
  });

  test('takes relative paths of a file from its directory, those of options from the current one', () => {
    const files = { [USER_FILE]: '{"libkrun": "lib.so", "execute_pre": "hook", "socket": "a.sock"}' };
    const { settings } = resolve({ rootHooks: ['hook'] }, ['true'], testHost({ files }));
    expect(settings.libkrunPath).toBe('/home/user/.config/muvm/lib.so');
    expect(settings.rootHooks).toEqual(['/home/user/.config/muvm/hook', '/home/user/project/hook']);
    expect(settings.sockets[0]?.hostPath).toBe('/home/user/.config/muvm/a.sock');
  });

  test('takes a relative working directory from the current one', () => {
    expect(resolve({ workdir: ['..'] }).settings.workdir).toBe('/home/user');
  });

  test.each(['/run/user/1000/x', '/proc/1', '/sys', '/dev/shm', '/var/run/x', '/tmp/.X11-unix'])(
    'leaves it to the guest whether "%s" exists',
    (path) => {
      expect(resolve({ workdir: [path] }).settings.workdir).toBe(path);
    },
  );
});

describe('resolveSettings() refuses', () => {
  test.each<[Flags, string]>([
    [
      { memoryMib: ['1'] },
      'Cannot use "1" as --mem as it must be a whole number of MiB, at least 128 and at most 16777216',
    ],
    [{ memoryMib: ['abc'] }, 'Cannot use "abc" as --mem as it must be a whole number of MiB'],
    [{ memoryMib: ['1e3'] }, 'Cannot use "1e3" as --mem'],
    [{ cpus: ['99'] }, 'Cannot use "99" as --cpu-list as it must name CPUs of this host, which are 0-1'],
    [{ cpus: ['0-16'] }, 'Cannot use "0-16" as --cpu-list as it must name at most 16 CPUs'],
    [{ sockets: ['/nonexistent'] }, 'as --socket as it must begin with a socket of this host that exists'],
    [{ sockets: ['a.sock:relative'] }, 'as --socket as it must be HOST or HOST:GUEST'],
    [{ sockets: ['a.sock:/b:/c'] }, 'as --socket as it must be HOST or HOST:GUEST'],
    [{ publishedSockets: ['/only-one'] }, 'as --publish-socket as it must be GUEST:HOST'],
    [{ publishedSockets: ['/a:/b\n'] }, 'as --publish-socket as it must be GUEST:HOST'],
    [{ sockets: Array(65).fill('a.sock') }, 'Cannot use --socket 65 times as 64 is the most'],
    [{ libkrunPath: [''] }, 'Cannot use "" as --libkrun as it must be the path of a file'],
    [{ cpus: ['x'] }, 'Cannot use "x" as --cpu-list as it must be a list of CPU numbers such as "0-3,6"'],
    [{ env: ['=x'] }, 'Cannot use "=x" as --env as it must be KEY=VALUE'],
    [{ workdir: ['/nonexistent'] }, 'Cannot use "/nonexistent" as --workdir as it must be a directory that exists'],
    [{ workdir: ['/runner'] }, 'Cannot use "/runner" as --workdir'],
    [{ name: ['../x'] }, 'Cannot use "../x" as --name as it must be 1 to 64 letters'],
    [{ name: ['x'.repeat(65)] }, 'as --name as it must be 1 to 64 letters'],
    [{ name: ['.'] }, 'Cannot use "." as --name'],
    [{ name: ['x\n'] }, 'Cannot use "x\\n" as --name'],
    [{ lingerMs: ['-1'] }, 'Cannot use "-1" as --linger as it must be a number of seconds from 0 to 2000000'],
    [{ lingerMs: ['3000000'] }, 'Cannot use "3000000" as --linger'],
    [{ vmm: ['xen'] }, 'Cannot use "xen" as --vmm as it must be "auto", "libkrun" or "qemu"'],
    [{ identity: ['8080'] }, 'must be 3334 (run as the user) or 3335 (run as root); --publish is for others'],
    [{ publishedPorts: ['http'] }, 'Cannot use "http" as --publish as it must be [[IP:]HOST_PORT:]GUEST_PORT'],
    [{ publishedPorts: ['80', '80'] }, 'Cannot publish "80:80/tcp" together with "80:80/tcp"'],
    [{ passtSocket: ['x.sock'], passtArgs: ['-4'] }, 'Cannot use --passt-args together with --passt-socket'],
    [{ passtArgs: ["'"] }, 'Cannot use "\'" as --passt-args as every quote in it must be closed'],
    [{ passtSocket: ['x\n'] }, 'Cannot use "x\\n" as --passt-socket as it must be a path of at most 107 bytes'],
    [{ json: true }, 'Cannot use --json without --status, --doctor or --print-config'],
    [{ detach: true, interactive: true }, 'Cannot use -d together with -i'],
    [{ detach: true, tty: true }, 'Cannot use -d together with -t'],
    [{ verbose: true, quiet: true }, 'Cannot use -v together with -q'],
    [{ privileged: true, identity: ['3334'] }, 'Cannot use --privileged together with -p 3334'],
    [{ status: true }, 'Cannot run "true" together with --status, which takes no command'],
  ])('%j', (flags, sentence) => {
    const faults = faultsOf(flags);
    expect(faults).toEqual([expect.stringContaining(sentence)]);
  });

  test('two actions at once, and options of a command with an action', () => {
    expect(faultsOf({ status: true, stop: true }, [])).toEqual(['Cannot use --status together with --stop']);
    expect(faultsOf({ stop: true, interactive: true }, [])).toEqual(['Cannot use -i together with --stop']);
    expect(faultsOf({ doctor: true, logs: true }, [])).toEqual(['Cannot use --doctor together with --logs']);
  });

  test('options of a command with --print-config, but for those that files can hold', () => {
    expect(faultsOf({ printConfig: true, env: ['A=b'] }, [])).toEqual([]);
    expect(faultsOf({ printConfig: true, tty: true }, [])).toEqual(['Cannot use -t together with --print-config']);
    expect(faultsOf({ printConfig: true, memoryMib: ['1'] }, [])).toHaveLength(1);
  });

  test('JSON, unless there are facts to print', () => {
    expect(faultsOf({ stop: true, json: true }, [])).toEqual([
      'Cannot use --json without --status, --doctor or --print-config',
    ]);
    for (const name of ['status', 'doctor', 'printConfig'])
      expect(faultsOf({ [name]: true, json: true }, [])).toEqual([]);
  });

  test('a completion for another shell', () => {
    expect(faultsOf({ completion: ['tcsh'] }, [])).toEqual([
      'Cannot use "tcsh" as --completion as it must be "bash", "zsh" or "fish"',
    ]);
  });

  test('to start without a command', () => {
    expect(faultsOf({}, [])).toEqual(['Cannot start without a command']);
    expect(faultsOf({ stop: true }, [])).toEqual([]);
  });

  test('to be run by root, unless root says so or only manages', () => {
    const root = testHost({ uid: 0 });
    expect(faultsOf({}, ['true'], root)).toEqual([
      expect.stringMatching(/^Cannot run as root as root of the guest would be/),
    ]);
    expect(faultsOf({ allowRoot: true }, ['true'], root)).toEqual([]);
    const files = { [USER_FILE]: '{"allow-root": true}' };
    expect(faultsOf({}, ['true'], testHost({ uid: 0, files }))).toEqual([]);
    expect(faultsOf({ status: true }, [], root)).toEqual([]);
    expect(faultsOf({ doctor: true }, [], root)).toEqual([]);
  });

  test('root only where nothing else is wrong', () => {
    const root = testHost({ uid: 0 });
    expect(faultsOf({}, [], root)).toEqual(['Cannot start without a command']);
    expect(faultsOf({ vmm: ['xen'] }, ['true'], root)).toEqual([expect.stringContaining('"xen"')]);
  });

  test('a terminal where there is none', () => {
    const withTerminals = (...terminals: number[]) => testHost({ isTerminal: (fd) => terminals.includes(fd) });
    const both = { tty: true, interactive: true };
    expect(faultsOf({ tty: true }, ['true'], withTerminals(1))).toEqual([]);
    expect(faultsOf(both, ['true'], withTerminals(0))).toEqual([]);
    expect(faultsOf(both, ['true'], withTerminals(1, 2))).toEqual([
      'Cannot use -t with -i as standard input must be a terminal',
    ]);
    expect(faultsOf({ tty: true }, ['true'], withTerminals(0, 2))).toEqual([
      'Cannot use -t as standard output must be a terminal',
    ]);
  });

  test('a value of any length, in few words', () => {
    const [sentence] = faultsOf({ env: [`A=${'x'.repeat(200_000)}`] });
    expect(sentence?.length).toBeLessThan(400);
    expect(sentence).toMatch(/^Cannot use "A=x+…" as --env as it must be at most 131071 bytes$/);
  });

  test('a current directory that is gone', () => {
    const workdir = () => {
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'uv_cwd' });
    };
    expect(faultsOf({}, ['true'], testHost({ workdir }))).toEqual([
      'Cannot find the current directory: no such file or directory',
    ]);
    expect(faultsOf({ workdir: ['sub'] }, ['true'], testHost({ workdir }))).toHaveLength(1);
    // Nobody asks for it where another is named, or no command is run.
    expect(resolve({ workdir: ['/tmp'] }, ['true'], testHost({ workdir })).settings.workdir).toBe('/tmp');
    expect(resolve({ status: true }, [], testHost({ workdir })).settings.status).toBe(true);
  });

  test('everything that is wrong, at once', () => {
    const files = { [USER_FILE]: '{"memory": 1}' };
    const faults = faultsOf({ memoryMib: ['1'], vmm: ['x'] }, [], testHost({ files }), [
      fault('Cannot use the option'),
    ]);
    expect(faults).toHaveLength(4);
  });
});

describe('resolveSettings() refuses of a configuration file', () => {
  test.each([
    [
      '{"memory": 1}',
      'Cannot use the unknown key "memory" in "/home/user/.config/muvm/config.json" as it must be one of',
    ],
    ['{"memm": 1}', `Cannot use the unknown key "memm" in "${USER_FILE}"`],
    [
      '{"interactive": true}',
      `Cannot use "interactive" in "${USER_FILE}" as what stands in a pipe before one command is not for the next`,
    ],
    ['{"mem": "4096"}', `Cannot use "4096" as "mem" in "${USER_FILE}" as it must be a number`],
    ['{"mem": 12}', `Cannot use "12" as "mem" in "${USER_FILE}" as it must be a whole number of MiB, at least 128`],
    ['{"name": 1}', `Cannot use 1 as "name" in "${USER_FILE}" as it must be a text`],
    ['{"verbose": "yes"}', `Cannot use "yes" as "verbose" in "${USER_FILE}" as it must be true or false`],
    ['{"env": {"A": "b"}}', `as "env" in "${USER_FILE}" as it must be a text or an array of texts`],
    ['{"env": ["A", 1]}', `Cannot use ["A",1] as "env" in "${USER_FILE}" as it must be a text or an array of texts`],
    ['{"mem": 512,\n "mem": 1024}', `Cannot use the key "mem" twice in "${USER_FILE}"`],
    ['{"env": ["=x"]}', `Cannot use "=x" as "env" in "${USER_FILE}" as it must be KEY=VALUE`],
    ['{"verbose": true, "quiet": true}', `Cannot use "verbose" together with "quiet" in "${USER_FILE}"`],
    [
      '{\n  "mem": 512\n  "name": "x"}',
      `Cannot read "${USER_FILE}" as it must hold valid JSON: line 3, column 3 must be "," or "}", not "\\""`,
    ],
    [
      '',
      `Cannot read "${USER_FILE}" as it must hold valid JSON: line 1, column 1 must be a value, not the end of the file`,
    ],
    ['[]', `Cannot use "${USER_FILE}" as it must hold a JSON object`],
  ])('%s', (text, sentence) => {
    const faults = faultsOf({}, ['true'], testHost({ files: { [USER_FILE]: text } }));
    expect(faults).toEqual([expect.stringContaining(sentence)]);
  });

  test.each([
    ['{"memm": 1}', 'Did you mean "mem"?'],
    ['{"execute-pre": "x"}', 'Did you mean "execute_pre"?'],
    ['{"privileged": true}', 'Use --privileged on the command line.'],
    ['{ // more\n"mem": 512}', 'JSON has no comments.'],
    ["{'mem': 512}", 'JSON has its texts in double quotes.'],
    ['{"mem": 512,}', 'JSON has no "," before "}".'],
    ['{"env": ["A",]}', 'JSON has no "," before "]".'],
  ])('%s, and says what to do', (text, hint) => {
    const files = { [USER_FILE]: text };
    expect(() => resolve({}, ['true'], testHost({ files }))).toThrow(expect.objectContaining({ hint }));
  });

  test('one that cannot be read', () => {
    const readFile = (path: string) => {
      if (path === USER_FILE) throw Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'open' });
      return undefined;
    };
    expect(faultsOf({}, ['true'], testHost({ readFile }))).toEqual([`Cannot read "${USER_FILE}": permission denied`]);
  });
});

describe('planVm()', () => {
  const socketsOf = (options: Record<string, string[]>, host = testHost()) => {
    const { forwardedSockets, publishedSockets } = planVm(resolve(options, ['true'], host).settings, host);
    return { forwardedSockets, publishedSockets };
  };
  const shared = (hostPath: string, guestPath: string, isOptional = false) => ({ hostPath, guestPath, isOptional });

  test('takes sockets, at the same path where no other is named, from the current directory', () => {
    expect(socketsOf({ sockets: ['/run/a.sock', 'b.sock:/run/c'], publishedSockets: ['/run/d:e.sock'] })).toEqual({
      forwardedSockets: [shared('/run/a.sock', '/run/a.sock'), shared('/home/user/project/b.sock', '/run/c')],
      publishedSockets: [shared('/home/user/project/e.sock', '/run/d')],
    });
  });

  test('adds the sound server where there is one, unless something is wished for in its place', () => {
    const host = testHost({ env: { HOME: '/', PULSE_SERVER: 'unix:/tmp/pulse.sock' } });
    const sound = shared('/tmp/pulse.sock', '/run/user/1000/pulse/native', true);
    expect(socketsOf({}, host).forwardedSockets).toEqual([sound]);
    const other = shared('/tmp/other.sock', sound.guestPath);
    expect(socketsOf({ sockets: [`/tmp/other.sock:${sound.guestPath}`] }, host).forwardedSockets).toEqual([other]);
    expect(socketsOf({}, testHost({ env: { PULSE_SERVER: '/tmp/none' } })).forwardedSockets).toEqual([]);
  });

  test('takes what the supervisor needs, and nothing of the command', () => {
    const { settings } = resolve({
      memoryMib: ['512'],
      lingerMs: ['2'],
      env: ['A=b'],
      libkrunPath: ['/opt/lib/libkrun.so.1'],
      gpuMode: ['venus'],
      vramMib: ['256'],
      rootHooks: ['mount-it'],
    });
    expect(planVm(settings, testHost())).toEqual({
      name: 'default',
      vmm: 'auto',
      memoryMib: 512,
      libkrunPath: '/opt/lib/libkrun.so.1',
      gpuMode: 'venus',
      vramMib: 256,
      cpus: undefined,
      fastCpus: [1],
      forwardedSockets: [],
      network: { publishedPorts: [], passtSocket: undefined, passtArgs: [] },
      publishedSockets: [],
      hooks: { root: ['/home/user/project/mount-it'], user: [] },
      x11: 'auto',
      emulator: undefined,
      fexImages: [],
      mergedRootfs: false,
      lingerMs: 2000,
      verbose: false,
    });
  });
});
