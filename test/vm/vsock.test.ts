/** Links over vsock, inside a guest: its kernel has the loopback transport, which those of hosts often lack. */
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { onlyOnce, REPOSITORY, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();
const FIXTURE = join(REPOSITORY, 'dist/peers/vsock-loopback.cjs');

async function seen(scenario: string): Promise<unknown> {
  const { stdout, errors, status } = await vm.run(['--', process.execPath, FIXTURE, scenario]);
  expect({ errors, status }).toEqual({ errors: '', status: 0 });
  return JSON.parse(stdout);
}

function loopbackTest(name: string, scenario: string, expected: object): void {
  vm.test(name, async () => expect(await seen(scenario)).toEqual(expected), { skip: onlyOnce() });
}

describe('createVsockLink()', () => {
  loopbackTest('carries a big transfer over loopback', 'transfer', { isSame: true });

  loopbackTest('takes 20 connections at the same time', 'many', { answers: Array(20).fill('welcome') });

  loopbackTest('lets nobody in but the host, by default', 'strangers', { code: 'REFUSED', entered: 0 });

  loopbackTest('tells at once that nobody listens', 'nobody', {
    failure: { code: 'REFUSED', message: 'Cannot connect to port PORT as nobody listens there' },
  });

  loopbackTest('names a port that is taken', 'taken', {
    message: 'Cannot listen on vsock port PORT: address already in use',
  });
});
