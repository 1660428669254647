import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { IDENTITY_HEADER } from '@muvm/protocol/contract';
import { Children, Commands, guestHandlers } from '../exec/index.ts';
import { RpcServer } from '../rpc/index.ts';

/**
 * Serves on a Unix socket of this machine, as the user that runs it and without any boot, until a call of Shutdown was
 * answered: for tests, and for what has to see the agent at work before it is packed.
 */
export async function serveUnixSocket(path: string, consoleFd: number): Promise<void> {
  using children = new Children();
  const { uid, gid, username, homedir, shell } = userInfo();
  const user = { uid, gid, groups: process.getgroups?.() ?? [], name: username, home: homedir, shell: shell ?? '' };
  const listener = createServer((socket) => server.serve(socket)).listen(path);
  const closed = new Promise<void>((resolve) => listener.once('close', resolve));
  const server = new RpcServer(
    guestHandlers({
      config: { user, environment: {} },
      children,
      commands: new Commands(),
      consoleFd,
      bootSteps: [],
      identityOf: ({ headers }) => (headers[IDENTITY_HEADER] === 'root' ? 'root' : 'user'),
      // The clock and the kernel of a machine that was not booted by us are not ours to set.
      setClock() {},
      setKernelValue() {},
      powerOff() {
        listener.close();
        void server.close();
      },
    }),
  );
  await closed;
}
