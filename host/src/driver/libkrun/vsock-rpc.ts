import { connectLinkPort, type Link } from '@muvm/link';
import { EXEC_PORTS, type Identity } from '@muvm/protocol/contract';
import type { GuestRpc } from '../driver.ts';
import { type RpcSession, rpcSession } from '../guest/rpc-session.ts';

const IDENTITIES = Object.keys(EXEC_PORTS) as Identity[];

/** The guest's gRPC service behind vsock: each identity has a server and so a session of its own. */
export function vsockRpc(link: Link, onDown: (reason: string) => void, signal: AbortSignal): GuestRpc {
  const open = (identity: Identity) =>
    rpcSession(
      (client, until) => connectLinkPort(link, EXEC_PORTS[identity], client, until),
      { window: 'narrow', onDown },
      signal,
    );
  const sessions = Object.fromEntries(IDENTITIES.map((each) => [each, open(each)])) as Record<Identity, RpcSession>;
  const up = Promise.all(IDENTITIES.map((identity) => sessions[identity].up)).then(() => {});
  // Nobody may be waiting yet when it fails.
  up.catch(() => {});
  return {
    up,
    request: (identity, headers) => sessions[identity].request(headers),
    // A call whose session is lost has ended with it.
    cancel: (call) =>
      Object.values(sessions)
        .find((session) => session.owns(call))
        ?.cancel(call),
  };
}
