import { toMuvmError } from '@muvm/errors';
import { methodPath, REQUEST_HEADERS } from '@muvm/grpc';
import { GuestDefinition, type GuestStatus, LIMITS } from '@muvm/protocol/contract';
import type { GuestRpc } from '../driver/index.ts';
import { notConnected, unaryCall } from './unary-call.ts';

type Methods = typeof GuestDefinition.methods;
type UnaryMethod = { [M in keyof Methods]: Methods[M]['responseStream'] extends true ? never : M }[keyof Methods];

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

type Message<C> = C extends Codec<infer T> ? T : never;
type Request<M extends UnaryMethod> = Message<Methods[M]['requestType']>;
type Reply<M extends UnaryMethod> = Message<Methods[M]['responseType']>;

/** Asks the guest for its status. */
export async function guestStatus(rpc: GuestRpc, timeoutMs: number): Promise<GuestStatus> {
  return await call(rpc, 'status', {}, timeoutMs);
}

/** Gives the guest the host's time, which by then is as old as the call takes to arrive: a few milliseconds. */
export async function setGuestClock(rpc: GuestRpc, timeoutMs: number): Promise<void> {
  await call(rpc, 'setClock', { unixMs: performance.timeOrigin + performance.now() }, timeoutMs);
}

/** Reports the memory pressure of the host to the guest, from 0 to 4. */
export async function setGuestMemoryPressure(rpc: GuestRpc, level: number, timeoutMs: number): Promise<void> {
  await call(rpc, 'setMemoryPressure', { level }, timeoutMs);
}

/** Makes the guest forget unused files, and with `cached` also the files that it only caches. */
export async function releaseGuestFiles(rpc: GuestRpc, cached: boolean, timeoutMs: number): Promise<void> {
  await call(rpc, 'releaseFiles', { cached }, timeoutMs);
}

/** Ends every command and writes everything back; the guest powers off after its answer. */
export async function shutDownGuest(rpc: GuestRpc, graceMs: number, timeoutMs: number): Promise<void> {
  await call(rpc, 'shutdown', { graceMs }, timeoutMs);
}

/** @throws MuvmError as `unaryCall`, and PROTOCOL if the reply is not a message of its type */
async function call<M extends UnaryMethod>(
  rpc: GuestRpc,
  name: M,
  request: Request<M>,
  timeoutMs: number,
): Promise<Reply<M>> {
  const { name: method, requestType, responseType } = GuestDefinition.methods[name];
  const stream = rpc.request('root', { ...REQUEST_HEADERS, ':path': methodPath(GuestDefinition, name) });
  if (!stream) throw notConnected(method);
  const encoded = (requestType as unknown as Codec<Request<M>>).encode(request).finish();
  const bytes = await unaryCall(stream, encoded, { method, replyBytesMax: LIMITS.replyBytes, timeoutMs });
  try {
    return (responseType as unknown as Codec<Reply<M>>).decode(bytes);
  } catch (error) {
    throw toMuvmError(error, 'PROTOCOL', `Cannot read the reply to "${method}"`);
  }
}
