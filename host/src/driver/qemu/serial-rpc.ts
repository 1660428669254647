import { connectSerialPort } from '@muvm/link';
import { IDENTITY_HEADER } from '@muvm/protocol/contract';
import type { GuestRpc } from '../driver.ts';
import { rpcSession } from '../guest/rpc-session.ts';

/** The guest's gRPC service behind a virtio-serial port: one HTTP/2 session that carries the calls of all clients. */
export function serialRpc(socketPath: string, onDown: (reason: string) => void, signal: AbortSignal): GuestRpc {
  const options = { window: 'wide', onDown } as const;
  const session = rpcSession((client, until) => connectSerialPort(socketPath, client, until), options, signal);
  return {
    up: session.up,
    request: (identity, headers) => session.request({ ...headers, [IDENTITY_HEADER]: identity }),
    cancel: (call) => session.cancel(call),
  };
}
