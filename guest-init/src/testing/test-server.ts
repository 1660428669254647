import type { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { GuestClient, IDENTITY_HEADER } from '@muvm/protocol';
import { Children, Commands, type GuestServiceOptions, guestHandlers } from '../exec/index.ts';
import { RpcServer } from '../rpc/index.ts';

export interface TestServer extends AsyncDisposable {
  readonly client: GuestClient;
  /** Of the socket. */
  readonly path: string;
}

/** The service as `options` change it, run by and for the user of the test. */
export async function startTestServer(options: Partial<GuestServiceOptions> = {}): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-guest-'));
  const path = join(directory, 'socket');
  const children = new Children(realProcess());
  const server = new RpcServer(guestHandlers({ ...defaults(children), ...options }));
  const connections = new Set<Socket>();
  const listener = createServer((socket) => {
    connections.add(socket);
    server.serve(socket);
  });
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  const client = new GuestClient(`unix:${path}`, credentials.createInsecure());
  return {
    client,
    path,
    async [Symbol.asyncDispose]() {
      client.close();
      for (const connection of connections) connection.destroy();
      await new Promise((resolve) => listener.close(resolve));
      children[Symbol.dispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function defaults(children: Children): GuestServiceOptions {
  const { uid, gid, username, homedir, shell } = userInfo();
  return {
    config: {
      user: { uid, gid, groups: [], name: username, home: homedir, shell: shell ?? '/bin/sh' },
      environment: {},
    },
    children,
    commands: new Commands(),
    consoleFd: 2,
    bootSteps: [],
    identityOf: ({ headers }) => (headers[IDENTITY_HEADER] === 'root' ? 'root' : 'user'),
    setClock() {},
    setKernelValue() {},
    powerOff() {},
  };
}

/** jest gives tests a copy of `process`, which no signal ever reaches. Functions of Node's own see the real one. */
function realProcess(): EventEmitter {
  return readFileSync.constructor('return process')();
}
