/** `--socket`: a Unix socket of the host in the guest. */
import { expect } from '@jest/globals';
import type { WarmVm } from '../framework/index.ts';
import type { Surroundings } from './surroundings.ts';

export function describeSockets(vm: WarmVm, { socketPath }: Surroundings): void {
  vm.test('connects a program of the guest to the server on the host', async () => {
    const script = `require("net").connect(${JSON.stringify(socketPath)}).end("there and back").pipe(process.stdout)`;
    const { stdout, errors, status } = await vm.run(['--', process.execPath, '-e', script]);
    expect({ stdout, errors, status }).toEqual({ stdout: 'there and back', errors: '', status: 0 });
  });
}
