import { describe, expect, test } from '@jest/globals';
import { Deferred, deadline, delay, inScope, Scope } from './index.ts';

describe('Scope', () => {
  test('releases in reverse order, each one once', async () => {
    const released: string[] = [];
    const scope = new Scope();
    scope.defer(() => void released.push('first'));
    scope.use({ [Symbol.dispose]: () => void released.push('second') });
    scope.use({ [Symbol.asyncDispose]: async () => void released.push('third') });
    await Promise.all([scope[Symbol.asyncDispose](), scope[Symbol.asyncDispose]()]);
    expect(released).toEqual(['third', 'second', 'first']);
  });

  test('releases the rest where one release throws, and tells of it', async () => {
    const released: string[] = [];
    const scope = new Scope();
    scope.defer(() => void released.push('first'));
    scope.defer(() => {
      throw new Error('stuck');
    });
    await expect(scope[Symbol.asyncDispose]()).rejects.toThrow('1 of the releases failed');
    expect(released).toEqual(['first']);
  });

  test('takes nothing more once it has been released', async () => {
    const scope = new Scope();
    await scope[Symbol.asyncDispose]();
    expect(() => scope.defer(() => {})).toThrow('Cannot add to a scope');
  });

  test('works with "await using"', async () => {
    let released = false;
    {
      await using scope = new Scope();
      scope.defer(() => {
        released = true;
      });
    }
    expect(released).toBe(true);
  });
});

describe('deadline()', () => {
  test('passes a result on', async () => {
    expect(await deadline(Promise.resolve(7), 1000, { what: 'Guest did not answer' })).toBe(7);
  });

  test('names what did not happen, in which time, and what to do', async () => {
    const never = new Promise(() => {});
    const wait = deadline(never, 10, { what: 'Guest did not answer', hint: 'Read the log.' });
    await expect(wait).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: 'Guest did not answer within 10 ms',
      hint: 'Read the log.',
    });
  });
});

test('Deferred can be rejected before anybody waits', async () => {
  const deferred = new Deferred<void>();
  deferred.reject(new Error('early'));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(deferred.promise).rejects.toThrow('early');
});

test('delay() ends early with its signal, without an error', async () => {
  const controller = new AbortController();
  const wait = delay(60_000, controller.signal);
  controller.abort();
  await expect(wait).resolves.toBeUndefined();
});

describe('inScope()', () => {
  test('leaves what was acquired to what was made', async () => {
    const released: string[] = [];
    const made = await inScope(async (scope) => {
      scope.defer(() => void released.push('one'));
      return scope;
    });
    expect(released).toEqual([]);
    await made[Symbol.asyncDispose]();
    expect(released).toEqual(['one']);
  });

  test('releases it in reverse order where that fails, and passes the error on', async () => {
    const released: string[] = [];
    const failed = inScope(async (scope) => {
      scope.defer(() => void released.push('one'));
      scope.defer(() => void released.push('two'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(released).toEqual(['two', 'one']);
  });
});
