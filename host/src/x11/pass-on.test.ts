import { Duplex, type DuplexOptions } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { passOn } from './pass-on.ts';

/** One side of a connection: what is pushed it says, what is written it keeps. */
function side(options: DuplexOptions = {}) {
  const written: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk, _, done) {
      written.push(chunk as Buffer);
      done();
    },
    ...options,
  });
  return { stream, written, text: () => String(Buffer.concat(written)) };
}

const asItIs = (chunk: Buffer) => [chunk];
const fail = (error: unknown) => {
  throw error;
};

describe('passOn()', () => {
  test('passes what the filter makes of it, in order, and the end after it', async () => {
    const [from, to] = [side(), side()];
    passOn(from.stream, to.stream, (chunk) => [chunk, Buffer.alloc(0), Buffer.from('.')], fail);
    for (const word of ['one', 'two']) from.stream.push(word);
    from.stream.push(null);
    await setImmediate();
    expect(to.text()).toBe('one.two.');
    expect(to.stream.writableFinished).toBe(true);
  });

  test('makes the writer wait for a slow reader', async () => {
    let taken = () => {};
    const slow: DuplexOptions = {
      highWaterMark: 4,
      write(_, __, done) {
        taken = done;
      },
    };
    const [from, to] = [side(), side(slow)];
    passOn(from.stream, to.stream, asItIs, fail);
    from.stream.push('four and more');
    await setImmediate();
    expect(from.stream.isPaused()).toBe(true);
    taken();
    await setImmediate();
    expect(from.stream.isPaused()).toBe(false);
  });

  test('lets the writer come to its end when a slow reader goes', async () => {
    const [from, to] = [side(), side({ highWaterMark: 4, write() {} })];
    passOn(from.stream, to.stream, asItIs, fail);
    from.stream.push('four and more');
    await setImmediate();
    expect(from.stream.isPaused()).toBe(true);
    from.stream.push(null);
    to.stream.end();
    to.stream.destroy();
    await setImmediate();
    expect(from.stream.readableEnded).toBe(true);
  });

  test('passes nothing more after a fault', async () => {
    const [from, to] = [side(), side()];
    const faults: unknown[] = [];
    const filter = (chunk: Buffer) => {
      if (String(chunk) === 'bad') throw new Error('a fault');
      return [chunk];
    };
    passOn(from.stream, to.stream, filter, (error) => faults.push((error as Error).message));
    for (const word of ['good', 'bad', 'good']) {
      from.stream.push(word);
      await setImmediate();
    }
    expect([to.text(), faults]).toEqual(['good', ['a fault']]);
  });

  test('ends the other side where this one breaks off', async () => {
    const [from, to] = [side(), side()];
    passOn(from.stream, to.stream, asItIs, fail);
    from.stream.destroy();
    await setImmediate();
    expect(to.stream.destroyed).toBe(true);
  });

  test('lets a side say what it likes when the other has ended', async () => {
    const [from, to] = [side(), side()];
    passOn(from.stream, to.stream, asItIs, fail);
    to.stream.end();
    from.stream.push('too late');
    await setImmediate();
    expect([to.text(), to.stream.errored]).toEqual(['', null]);
  });
});
