import { Readable, Writable } from 'node:stream';
import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, jest, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import { runCommand } from './client.ts';
import { answering, type GuestCall, reply, startTestGuest } from './test-guest.ts';
import { Collected, runAgainst, START } from './test-run.ts';

describe('runCommand() gives a call up', () => {
  test('when nobody reads its output any more', async () => {
    const cancelled = new Deferred<void>();
    const closed = new Writable({
      write: (_piece, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const answer = (call: GuestCall) => {
      call.on('cancelled', () => cancelled.resolve());
      call.once('data', () => {
        reply(call, { $case: 'started', value: { pid: 1 } });
        reply(call, { $case: 'stdout', value: Buffer.from('y\n') });
      });
    };
    await using guest = await startTestGuest(answer);
    const streams = { stdout: closed, stderr: new Collected() };
    const options = { vmName: 'test', signal: new AbortController().signal };
    expect(await runCommand(guest.socketPath, START, streams, options)).toEqual({ how: 'output-closed' });
    await cancelled.promise;
  });

  test('when its signal is aborted, with the reason of that', async () => {
    const controller = new AbortController();
    const answer = (call: GuestCall) => {
      call.once('data', () => controller.abort(new Error('enough')));
      call.on('error', () => {});
    };
    await expect(runAgainst(answer, { options: { signal: controller.signal } })).rejects.toThrow('enough');
  });

  test('when output cannot be written, and says why', async () => {
    const full = new Writable({
      write: (_piece, _encoding, done) =>
        done(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })),
    });
    const answer = answering((call) => void reply(call, { $case: 'stdout', value: Buffer.from('x') }));
    await expect(runAgainst(answer, { streams: { stdout: full } })).rejects.toThrow(
      'Cannot write the output of the command: no space left on device',
    );
  });

  test('when input cannot be read, and says why', async () => {
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error('EISDIR'), { code: 'EISDIR', syscall: 'read' }));
      },
    });
    const answer = (call: GuestCall) => {
      call.once('data', () => reply(call, { $case: 'started', value: { pid: 1 } }));
      call.on('error', () => {});
    };
    const running = runAgainst(answer, { start: { stdin: true }, streams: { stdin: broken } });
    await expect(running).rejects.toThrow('Cannot read standard input: illegal operation on a directory');
  });
});

describe('runCommand() fails', () => {
  async function failure(answer: (call: GuestCall) => void): Promise<MuvmError> {
    return (await runAgainst(answer).catch((error: unknown) => error)) as MuvmError;
  }

  const fail = (call: GuestCall, metadata: Metadata, details: string) =>
    call.emit('error', { code: status.UNAVAILABLE, details, metadata });

  test('with the finished sentence, code and hint of the supervisor', async () => {
    const metadata = new Metadata();
    metadata.set('muvm-code', 'BOOT_FAILED');
    metadata.set('muvm-hint', encodeURIComponent('Look at "muvm --logs" – it tells.'));
    const error = await failure((call) => void call.once('data', () => fail(call, metadata, 'Guest did not boot')));
    expect(error).toBeInstanceOf(MuvmError);
    expect(error).toMatchObject({ code: 'BOOT_FAILED', message: 'Guest did not boot' });
    expect(error.hint).toBe('Look at "muvm --logs" – it tells.');
  });

  test('with VM_ENDED where the call breaks off, and says whether the command had started', async () => {
    const early = await failure(
      (call) => void call.once('data', () => fail(call, new Metadata(), 'Connection dropped')),
    );
    expect(early).toMatchObject({ code: 'VM_ENDED', message: 'VM "test" ended before the command started' });
    const late = await failure((call) => {
      call.once('data', () => {
        reply(call, { $case: 'started', value: { pid: 1 } });
        fail(call, new Metadata(), 'Connection dropped');
      });
    });
    expect(late).toMatchObject({ code: 'VM_ENDED', message: 'VM "test" ended while the command ran' });
  });

  test('with NOT_RUNNING where nobody answers on the socket', async () => {
    const options = { vmName: 'test', signal: new AbortController().signal };
    const running = runCommand(
      '/nonexistent/guest.sock',
      START,
      { stdout: new Collected(), stderr: new Collected() },
      options,
    );
    await expect(running).rejects.toMatchObject({ code: 'NOT_RUNNING', message: 'Cannot reach VM "test"' });
  });

  test('with PROTOCOL where the guest ends the call without an exit, or says nothing', async () => {
    expect(await failure((call) => void call.once('data', () => call.end()))).toMatchObject({ code: 'PROTOCOL' });
    const silent = (call: GuestCall) => void call.once('data', () => call.write({ event: undefined }));
    expect(await failure(silent)).toMatchObject({ code: 'PROTOCOL' });
  });

  test('at once where the signal is aborted already', async () => {
    const onStarted = jest.fn();
    const running = runCommand(
      '/nonexistent',
      START,
      { stdout: new Collected(), stderr: new Collected() },
      {
        ...{ vmName: 'test', onStarted },
        signal: AbortSignal.abort(new Error('before')),
      },
    );
    await expect(running).rejects.toThrow('before');
    expect(onStarted).not.toHaveBeenCalled();
  });
});
