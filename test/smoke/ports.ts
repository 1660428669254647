/** `-p` with passt: the host reaches a server of the guest. */
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import { programsMissing, type WarmVm } from '../framework/index.ts';

/** The guest's end of the published port. */
export const PORT = 7100;

const SERVER = `require("net").createServer((socket) => socket.pipe(socket)).listen(${PORT}, "0.0.0.0", () => console.log("up"))`;

interface Status {
  readonly helperPids: Readonly<Record<string, number>>;
  readonly publishedPorts: readonly { readonly hostPort: number }[];
}

export function describePorts(vm: WarmVm): void {
  vm.test(
    'leads through passt to a server in the guest',
    async () => {
      const server = vm.start(['--', process.execPath, '-e', SERVER]);
      await server.untilOutput('up');
      const [status] = JSON.parse((await vm.run(['--status', '--json'])).stdout) as [Status];
      expect(status.helperPids).toHaveProperty('passt');
      const port = status.publishedPorts[0]?.hostPort as number;
      const socket = createConnection({ host: '127.0.0.1', port }).end('there and back');
      expect(await text(socket)).toBe('there and back');
      server.kill('SIGTERM');
      await server.result;
    },
    { skip: programsMissing('passt') },
  );
}
