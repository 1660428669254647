import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { type ExecReply, type ExecRequest, type GuestServer, GuestService } from '@muvm/protocol';

export type GuestCall = ServerDuplexStream<ExecRequest, ExecReply>;

const { exec } = GuestService;

/** A guest for tests: an Exec server on a unix socket that does with each call what the test says. */
export async function startTestGuest(
  answer: (call: GuestCall) => void,
): Promise<AsyncDisposable & { socketPath: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-exec-'));
  const socketPath = join(directory, 'guest.sock');
  const server = new Server();
  server.addService({ exec }, { exec: answer } satisfies Partial<GuestServer>);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return {
    socketPath,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Says one thing to the client. */
export function reply(call: GuestCall, event: NonNullable<ExecReply['event']>): boolean {
  return call.write({ event });
}

/** Answers the start, then does the rest, and ends the call with an exit status. */
export function answering(rest: (call: GuestCall) => void, code = 0): (call: GuestCall) => void {
  return (call) => {
    call.once('data', () => {
      reply(call, { $case: 'started', value: { pid: 1 } });
      rest(call);
      reply(call, { $case: 'exit', value: { how: { $case: 'code', value: code } } });
      call.end();
    });
  };
}
