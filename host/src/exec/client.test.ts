import { createHash, randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { ExecRequest } from '@muvm/protocol';
import type { ExecOptions } from './client.ts';
import { answering, type GuestCall, reply } from './test-guest.ts';
import { Collected, runAgainst } from './test-run.ts';

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
