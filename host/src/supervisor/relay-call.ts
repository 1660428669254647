import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { isMuvmError, MuvmError } from '@muvm/errors';
import { errorTrailers, GRPC_STATUS, REPLY_HEADERS } from '@muvm/grpc';
import type { Identity } from '@muvm/protocol/contract';
import type { GuestRpc } from '../driver/index.ts';
import type { CallGate } from './call-gate.ts';

// Who ends a machine is known a moment after its connections break.
const REASON_TIMEOUT_MS = 3000;

// What goes on to the guest. All else, `muvm-identity` above all, a client may not say.
const PASSED_HEADERS = ['content-type', 'te', 'grpc-timeout', 'grpc-encoding', 'grpc-accept-encoding', 'user-agent'];

/**
 * Joins a client's call to the guest, header by header and byte by byte, with back-pressure both ways; held until the
 * guest is up. Whatever ends the guest's side early ends the client's with a status that says why.
 */
export async function relayCall(
  client: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  identity: Identity,
  gate: CallGate,
): Promise<void> {
  client.on('error', () => {});
  try {
    const rpc = await gate.pass();
    if (client.destroyed) return;
    const guest = rpc.request(identity, forwardedHeaders(headers));
    if (!guest) throw await reasonForLoss(gate);
    join(client, guest, rpc, gate);
  } catch (error) {
    refuse(client, isMuvmError(error) ? error : new MuvmError('INTERNAL', `Call failed: ${error}`));
  }
}

function forwardedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const passed = PASSED_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]);
  return {
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': 'guest',
    ':path': headers[':path'],
    ...Object.fromEntries(passed),
  };
}

function join(client: ServerHttp2Stream, guest: ClientHttp2Stream, rpc: GuestRpc, gate: CallGate): void {
  let trailers: OutgoingHttpHeaders | undefined;
  guest.on('error', () => {});
  guest.once('response', (headers, flags) => {
    if (client.destroyed) return;
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (endStream) trailers = {};
    client.respond(withoutPrivateHeaders(headers), { endStream, waitForTrailers: !endStream });
  });
  guest.once('trailers', (received) => {
    trailers = withoutPrivateHeaders(received);
    if (guest.readableEnded) client.end();
  });
  client.once('wantTrailers', () => client.sendTrailers(trailers ?? {}));
  // A session that is lost ends its streams like a good end, only without trailers: so the end is not piped.
  guest.pipe(client, { end: false });
  guest.once('end', () => {
    if (trailers) client.end();
  });
  client.pipe(guest);
  client.once('close', () => rpc.cancel(guest));
  guest.once('close', async () => {
    if (client.destroyed || client.writableEnded) return;
    trailers ??= unavailable(await reasonForLoss(gate));
    if (client.headersSent) client.end();
    else answerWith(client, trailers);
  });
}

/** Symbols among the keys mark headers that must not be indexed; node:http2 refuses them on the way out. */
function withoutPrivateHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers));
}

async function reasonForLoss(gate: CallGate): Promise<MuvmError> {
  const lost = new MuvmError('VM_ENDED', 'Connection to the guest was lost', {
    hint: 'Run the command again; "muvm --logs" shows what happened.',
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<MuvmError>((resolve) => {
    timer = setTimeout(() => resolve(lost), REASON_TIMEOUT_MS).unref();
  });
  try {
    return await Promise.race([gate.closed, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function refuse(client: ServerHttp2Stream, reason: MuvmError): void {
  if (!client.destroyed && !client.headersSent) answerWith(client, unavailable(reason));
}

function answerWith(client: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
  // The client's request must be read to its end, or the answer is lost in a reset.
  client.resume();
  client.respond({ ...REPLY_HEADERS, ...trailers }, { endStream: true });
}

function unavailable(reason: MuvmError): OutgoingHttpHeaders {
  return errorTrailers(reason, GRPC_STATUS.UNAVAILABLE);
}
