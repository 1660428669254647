import { createHash, randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, jest, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import type { ExecRequest, Start } from '@muvm/protocol';
import { type ExecOptions, type ExecStreams, runCommand } from './client.ts';
import { answering, type GuestCall, reply, startTestGuest } from './test-guest.ts';

const START: Start = {
  argv: ['true'],
  env: { A: 'b' },
  workdir: '/',
  terminal: undefined,
  stdin: false,
  detach: false,
};

class Collected extends Writable {
  readonly pieces: Buffer[] = [];

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.pieces.push(piece);
    done();
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString();
  }
}

interface Wishes {
  start?: Partial<Start>;
  streams?: Partial<ExecStreams>;
  options?: Partial<ExecOptions>;
}

async function runAgainst(answer: (call: GuestCall) => void, { start, streams, options }: Wishes = {}) {
  await using guest = await startTestGuest(answer);
  return await runCommand(
    guest.socketPath,
    { ...START, ...start },
    { stdout: new Collected(), stderr: new Collected(), ...streams },
    { vmName: 'test', signal: new AbortController().signal, ...options },
  );
}

describe('runCommand()', () => {
  test('sends the start as it is, and gives the exit status of the command', async () => {
    let received: ExecRequest | undefined;
    const end = await runAgainst((call) => {
      call.once('data', (request: ExecRequest) => {
        received = request;
        reply(call, { $case: 'exit', value: { how: { $case: 'code', value: 7 } } });
        call.end();
      });
    });
    expect(received?.event).toMatchObject({ $case: 'start', value: { argv: ['true'], env: { A: 'b' }, stdin: false } });
    expect(end).toEqual({ how: 'exited', code: 7 });
  });

  test('keeps standard output and standard error apart, byte for byte', async () => {
    const [stdout, stderr] = [new Collected(), new Collected()];
    const bytes = randomBytes(300_000);
    const answer = answering((call) => {
      reply(call, { $case: 'stdout', value: bytes });
      reply(call, { $case: 'stderr', value: Buffer.from('err\0') });
    });
    await runAgainst(answer, { streams: { stdout, stderr } });
    expect(Buffer.concat(stdout.pieces).equals(bytes)).toBe(true);
    expect(stderr.text).toBe('err\0');
  });

  test('returns once all output is written, however slow its reader is', async () => {
    const written: number[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (piece: Buffer, _encoding, done) => {
        setTimeout(() => {
          written.push(piece.length);
          done();
        }, 5);
      },
    });
    const answer = answering((call) => {
      for (let piece = 0; piece < 10; piece++) reply(call, { $case: 'stdout', value: Buffer.alloc(1000) });
    });
    await runAgainst(answer, { streams: { stdout: slow } });
    expect(written).toHaveLength(10);
  });

  test('passes input on whole, in pieces that the guest takes, then its end', async () => {
    const input = randomBytes(2_500_000);
    const hash = createHash('sha256');
    let largest = 0;
    const end = await runAgainst(
      (call) => {
        call.on('data', ({ event }: ExecRequest) => {
          if (event?.$case === 'start') reply(call, { $case: 'started', value: { pid: 1 } });
          if (event?.$case === 'stdin') {
            hash.update(event.value);
            largest = Math.max(largest, event.value.length);
          }
          if (event?.$case === 'stdinEnd') {
            reply(call, { $case: 'exit', value: { how: { $case: 'code', value: 0 } } });
            call.end();
          }
        });
      },
      { start: { stdin: true }, streams: { stdin: Readable.from([input.subarray(0, 7), input.subarray(7)]) } },
    );
    expect(end).toEqual({ how: 'exited', code: 0 });
    expect(hash.digest('hex')).toBe(createHash('sha256').update(input).digest('hex'));
    expect(largest).toBeLessThanOrEqual(1024 * 1024);
  });

  test('reads no further than the guest does, and lets go of input when the command ends', async () => {
    let isRead = 0;
    const endless = new Readable({
      highWaterMark: 65_536,
      read() {
        isRead += 65_536;
        setImmediate(() => this.push(Buffer.alloc(65_536)));
      },
    });
    const answer = (call: GuestCall) => {
      call.once('data', async () => {
        reply(call, { $case: 'started', value: { pid: 1 } });
        call.pause();
        for (let turn = 0; turn < 2000; turn++) await nextTurn();
        reply(call, { $case: 'exit', value: { how: { $case: 'code', value: 0 } } });
        call.end();
      });
    };
    await runAgainst(answer, { start: { stdin: true }, streams: { stdin: endless } });
    expect(isRead).toBeLessThan(16 * 1024 * 1024);
    expect(endless.listenerCount('data')).toBe(0);
    endless.destroy();
  });

  test('tells a signal that ended the command from an exit status', async () => {
    const end = await runAgainst((call) => {
      call.once('data', () => {
        reply(call, { $case: 'exit', value: { how: { $case: 'signal', value: 9 } } });
        call.end();
      });
    });
    expect(end).toEqual({ how: 'killed', signalNumber: 9 });
  });

  test('gives a refusal with its status, message and hint', async () => {
    const refused = { status: 127, message: 'Cannot run "x" as there is no such file', hint: 'Look again.' };
    const end = await runAgainst((call) => {
      call.once('data', () => {
        reply(call, { $case: 'refused', value: refused });
        call.end();
      });
    });
    expect(end).toEqual({ how: 'refused', ...refused });
  });

  test('returns when a detached command has started', async () => {
    const answer = (call: GuestCall) => {
      call.once('data', () => reply(call, { $case: 'started', value: { pid: 1 } }));
    };
    expect(await runAgainst(answer, { start: { detach: true } })).toEqual({ how: 'detached' });
  });

  test('sends signals and sizes to the command', async () => {
    const heard: ExecRequest['event'][] = [];
    const answer = (call: GuestCall) => {
      call.on('data', ({ event }: ExecRequest) => {
        heard.push(event);
        if (event?.$case === 'start') reply(call, { $case: 'started', value: { pid: 1 } });
        if (heard.length < 3) return;
        reply(call, { $case: 'exit', value: { how: { $case: 'code', value: 0 } } });
        call.end();
      });
    };
    const onStarted: ExecOptions['onStarted'] = (command) => {
      command.resize({ rows: 5, columns: 6 });
      void command.sendSignal(15);
    };
    await runAgainst(answer, { options: { onStarted } });
    expect(heard.slice(1)).toEqual([
      { $case: 'resize', value: { rows: 5, columns: 6 } },
      { $case: 'signal', value: { number: 15 } },
    ]);
  });
});

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
