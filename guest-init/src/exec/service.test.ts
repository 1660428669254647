import { once } from 'node:events';
import { connect } from 'node:net';
import { type ClientReadableStream, status as grpcStatus, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { methodPath } from '@muvm/grpc';
import {
  type ExecRequest,
  GuestDefinition,
  GuestService,
  GuestStatus,
  type ShutdownReply,
  type Start,
} from '@muvm/protocol';
import { runCommand, startTestServer, type TestServer } from '../testing/index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function status({ client }: TestServer): Promise<GuestStatus> {
  return new Promise((resolve, reject) =>
    client.status({}, (error, reply) => (error === null ? resolve(reply) : reject(error))),
  );
}

function shutDown({ client }: TestServer, graceMs: number): Promise<ShutdownReply> {
  return new Promise((resolve, reject) =>
    client.shutdown({ graceMs }, (error, reply) => (error === null ? resolve(reply) : reject(error))),
  );
}

/** What becomes of a call with these events alone. */
function errorOf(...events: (NonNullable<ExecRequest['event']> | undefined)[]): Promise<ServiceError> {
  const call = server.client.exec();
  call.on('data', () => {});
  const failed = new Promise<ServiceError>((resolve) => call.on('error', resolve));
  for (const event of events) call.write({ event });
  return failed;
}

const start = (wanted: Partial<Start> = {}): NonNullable<ExecRequest['event']> => ({
  $case: 'start',
  value: { argv: ['sleep', '9'], env: {}, workdir: '/', stdin: true, detach: false, ...wanted },
});

test('the paths of the methods are those that grpc-js calls', () => {
  const methods = Object.keys(GuestDefinition.methods) as (keyof typeof GuestDefinition.methods)[];
  const paths = Object.fromEntries(methods.map((name) => [name, methodPath(GuestDefinition, name)]));
  expect(paths).toEqual(Object.fromEntries(Object.entries(GuestService).map(([name, { path }]) => [name, path])));
});

describe('SetClock', () => {
  const set = (identity: string, unixMs: number) =>
    new Promise<ServiceError | null>((resolve) => {
      const metadata = new Metadata();
      metadata.set('muvm-identity', identity);
      server.client.setClock({ unixMs }, metadata, (error) => resolve(error));
    });

  test('is refused to the user', async () => {
    expect(await set('user', 1e12)).toMatchObject({ details: 'Cannot set the clock as the user, only as root' });
  });

  test.each([0, -1, Number.NaN, 1e15])('refuses %p', async (unixMs) => {
    expect((await set('root', unixMs))?.details).toMatch(/^Cannot set the clock to /);
  });

  test('is answered to root', async () => {
    expect(await set('root', Date.now())).toBeNull();
  });
});

describe('a client that breaks the rules', () => {
  const cases: [string, () => Promise<ServiceError>, RegExp][] = [
    ['sends no start first', () => errorOf({ $case: 'stdinEnd', value: {} }), /"stdinEnd" as there is no command/],
    ['sends an empty message', () => errorOf(undefined), /without an event/],
    ['starts twice', () => errorOf(start(), start()), /a second command/],
    ['names no program', () => errorOf(start({ argv: [] })), /without a name/],
    ['names a relative directory', () => errorOf(start({ workdir: 'tmp' })), /"tmp" as the working directory/],
    ['names a variable "="', () => errorOf(start({ env: { '=': 'x' } })), /"=" as the name of a variable/],
    ['hides a zero byte', () => errorOf(start({ argv: ['a\0b'] })), /an argument with a zero byte/],
    ['wants no rows', () => errorOf(start({ terminal: { rows: 0, columns: 9 } })), /0 rows and 9 columns/],
    ['detaches with input', () => errorOf(start({ detach: true })), /detached command/],
    ['sends signal 65', () => errorOf(start(), { $case: 'signal', value: { number: 65 } }), /the signal 65/],
    ['resizes a pipe', () => errorOf(start(), { $case: 'resize', value: { rows: 1, columns: 1 } }), /no terminal/],
    [
      'sends a chunk that is too long',
      () => errorOf(start(), { $case: 'stdin', value: Buffer.alloc(1_048_577) }),
      /1048577 bytes of input/,
    ],
    [
      'sends input that it did not announce',
      () => errorOf(start({ stdin: false }), { $case: 'stdinEnd', value: {} }),
      /Cannot send input/,
    ],
  ];

  test.each(cases)('and %s is told so', async (_what, run, sentence) => {
    const error = await run();
    expect(error.code).toBe(grpcStatus.INVALID_ARGUMENT);
    expect(error.details).toMatch(/^Cannot /);
    expect(error.details).toMatch(sentence);
    expect(error.metadata.get('muvm-code')).toEqual(['PROTOCOL']);
  });

  test('takes its command with it and disturbs nobody else', async () => {
    const other = runCommand(server.client, ['sh', '-c', 'sleep 0.5; echo undisturbed']);
    await errorOf(start(), { $case: 'signal', value: { number: 0 } });
    expect(String((await other).stdout)).toBe('undisturbed\n');
    expect((await status(server)).attachedCommands).toBe(0);
  });
});

describe('a command that cannot run', () => {
  test.each([
    ['/nonexistent', 127, 'Cannot run "/nonexistent": no such file or directory'],
    ['nonexistent', 127, 'Cannot run "nonexistent": command not found'],
    ['/etc/passwd', 126, 'Cannot run "/etc/passwd": permission denied'],
    ['/etc', 126, 'Cannot run "/etc": it is a directory'],
    ['/etc/passwd/x', 127, 'Cannot run "/etc/passwd/x": not a directory'],
  ])('%s is refused with status %i', async (name, expectedStatus, message) => {
    const { refused, exit } = await runCommand(server.client, [name]);
    expect(refused).toMatchObject({ status: expectedStatus, message });
    expect(exit).toBeUndefined();
  });

  test.each([
    ['/nonexistent', 'no such file or directory', /-w/],
    ['/etc/passwd', 'not a directory', /^$/],
  ])('in the working directory %s is refused with status 125', async (workdir, reason, hint) => {
    const { refused } = await runCommand(server.client, ['true'], { workdir });
    const message = `Cannot use "${workdir}" as the working directory: ${reason}`;
    expect(refused).toMatchObject({ status: 125, message, hint: expect.stringMatching(hint) });
  });
});

describe('status', () => {
  test('Status() tells the kernel, the memory and the commands', async () => {
    const reply = await status(server);
    expect(reply.kernelRelease).toMatch(/^\d+\.\d+/);
    expect(reply.memoryTotalBytes).toBeGreaterThan(reply.memoryAvailableBytes);
    expect(reply.agentRssBytes).toBeGreaterThan(1_000_000);
  });

  test('Status() leaves out boot steps that exceed 64 KiB, and shortens the boot failure', async () => {
    const step = { name: 'hooks', durationMs: 1, skippedReason: 'x'.repeat(10_000), failed: true, hint: '' };
    const bootFailure = new MuvmError('BOOT_FAILED', '€'.repeat(100_000), { hint: '€'.repeat(100_000) });
    await using own = await startTestServer({ bootSteps: Array(7).fill(step), bootFailure });
    const reply = await status(own);
    expect(reply).toMatchObject({ bootSteps: [], bootFailure: { message: '€'.repeat(4096) } });
    expect(GuestStatus.encode(reply).finish().length).toBeLessThan(65_536);
  });

  test('WatchStatus() sends each change', async () => {
    const counts: number[] = [];
    const call: ClientReadableStream<GuestStatus> = server.client.watchStatus({});
    const lastOne = new Promise<void>((resolve) => {
      call.on('data', ({ attachedCommands }: GuestStatus) => {
        counts.push(attachedCommands);
        if (counts.length === 1) void runCommand(server.client, ['true']);
        if (counts.length === 3) resolve();
      });
    });
    call.on('error', () => {});
    await lastOne;
    call.cancel();
    expect(counts).toEqual([0, 1, 0]);
  });
});

describe('Shutdown()', () => {
  test('ends the commands politely, refuses new ones and powers off once', async () => {
    let powerOffs = 0;
    const powerOff = () => {
      powerOffs += 1;
    };
    await using own = await startTestServer({ powerOff });
    let ready = () => {};
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const polite = runCommand(own.client, ['bash', '-c', 'trap "exit 9" TERM; echo; while :; do sleep 0.05; done'], {
      onReply: (reply) => reply.$case === 'stdout' && ready(),
    });
    await isReady;
    await shutDown(own, 5000);
    expect((await polite).exit).toEqual({ $case: 'code', value: 9 });
    expect(powerOffs).toBe(1);
    expect((await runCommand(own.client, ['true'])).refused?.message).toMatch(/shutting down/);
  });

  test('kills a command that does not listen, after the grace time', async () => {
    await using own = await startTestServer();
    let ready = () => {};
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const stubborn = runCommand(own.client, ['bash', '-c', 'trap "" TERM; echo; while :; do sleep 0.05; done'], {
      onReply: (reply) => reply.$case === 'stdout' && ready(),
    });
    await isReady;
    await shutDown(own, 100);
    expect((await stubborn).exit).toEqual({ $case: 'signal', value: 9 });
  });
});

describe('a guest whose boot failed', () => {
  const bootFailure = new MuvmError('BOOT_FAILED', 'Cannot run commands as the boot step "mounts" failed: “why”', {
    hint: 'Read the console.',
  });

  test('tells every Exec and WatchStatus why', async () => {
    await using own = await startTestServer({ bootFailure });
    const { error } = await runCommand(own.client, ['true']);
    const watched = await new Promise<ServiceError>((resolve) => own.client.watchStatus({}).on('error', resolve));
    for (const each of [error, watched]) {
      expect(each).toMatchObject({ code: grpcStatus.FAILED_PRECONDITION, details: bootFailure.message });
      expect(each?.metadata.get('muvm-code')).toEqual(['BOOT_FAILED']);
      expect(decodeURIComponent(String(each?.metadata.get('muvm-hint')))).toBe('Read the console.');
    }
  });

  test('still answers Status and Shutdown', async () => {
    await using own = await startTestServer({ bootFailure });
    await status(own);
    await shutDown(own, 0);
  });
});

test('a connection that speaks no HTTP/2 ends alone', async () => {
  const stranger = connect(server.path);
  stranger.on('error', () => {});
  stranger.resume();
  stranger.write('GET / HTTP/1.1\r\n\r\n'.repeat(100));
  await once(stranger, 'close');
  expect((await runCommand(server.client, ['true'])).exit).toEqual({ $case: 'code', value: 0 });
});

describe('ReleaseFiles', () => {
  async function release(identity: string, cached: boolean) {
    const written: string[] = [];
    await using asked = await startTestServer({
      setKernelValue: (name, value) => void written.push(`${name}=${value}`),
    });
    const metadata = new Metadata();
    metadata.set('muvm-identity', identity);
    const error = await new Promise<ServiceError | null>((resolve) => {
      asked.client.releaseFiles({ cached }, metadata, (each) => resolve(each));
    });
    return { written, details: error?.details };
  }

  test('drops what is unused, and what is cached if that is asked for', async () => {
    expect(await release('root', false)).toEqual({ written: ['vm/drop_caches=2'], details: undefined });
    expect(await release('root', true)).toEqual({ written: ['vm/drop_caches=3'], details: undefined });
  });

  test('is refused to the user', async () => {
    expect(await release('user', false)).toEqual({
      written: [],
      details: 'Cannot release files as the user, only as root',
    });
  });
});

describe('SetMemoryPressure', () => {
  async function set(identity: string, level: number) {
    const written: string[] = [];
    await using pressed = await startTestServer({
      setKernelValue: (name, value) => void written.push(`${name}=${value}`),
    });
    const metadata = new Metadata();
    metadata.set('muvm-identity', identity);
    const error = await new Promise<ServiceError | null>((resolve) => {
      pressed.client.setMemoryPressure({ level }, metadata, (each) => resolve(each));
    });
    return { written, details: error?.details };
  }

  test('keeps more memory free the less the host has, and drops the page cache at the last level alone', async () => {
    expect(await set('root', 0)).toEqual({ written: ['vm/watermark_scale_factor=10'], details: undefined });
    expect(await set('root', 3)).toEqual({ written: ['vm/watermark_scale_factor=2000'], details: undefined });
    expect(await set('root', 4)).toEqual({
      written: [
        'vm/watermark_scale_factor=10',
        'vm/drop_caches=1',
        'vm/compact_memory=1',
        'vm/watermark_scale_factor=2000',
      ],
      details: undefined,
    });
  });

  test('is refused to the user, and for a level that there is not', async () => {
    expect(await set('user', 1)).toEqual({
      written: [],
      details: 'Cannot set the memory pressure as the user, only as root',
    });
    expect((await set('root', 5)).details).toBe('Cannot set the memory pressure to 5 as it must be from 0 to 4');
  });
});
