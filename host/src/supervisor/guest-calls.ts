import { once } from 'node:events';
import { MuvmError } from '@muvm/errors';
import { deadline } from '@muvm/lifetime';
import {
  GuestStatus,
  LIMITS,
  ReleaseFilesReply,
  ReleaseFilesRequest,
  SetClockReply,
  SetClockRequest,
  SetMemoryPressureReply,
  SetMemoryPressureRequest,
  ShutdownReply,
  ShutdownRequest,
  StatusRequest,
} from '@muvm/protocol/contract';
import type { GuestRpc } from '../driver/index.ts';

// Length-Prefixed-Message of PROTOCOL-HTTP2.md: 0 u8 compressed · 1 u32 length, big-endian · 5 message
const PREFIX_BYTES = 5;

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** What the supervisor itself asks of the guest. The relay needs no gRPC library, and these few calls not either. */
export async function guestStatus(rpc: GuestRpc, timeoutMs: number): Promise<GuestStatus> {
  return await unary(rpc, 'Status', StatusRequest, {}, GuestStatus, timeoutMs);
}

/** Gives the guest the host's time, which by then is as old as the call takes to arrive: a few milliseconds. */
export async function setGuestClock(rpc: GuestRpc, timeoutMs: number): Promise<void> {
  const unixMs = performance.timeOrigin + performance.now();
  await unary(rpc, 'SetClock', SetClockRequest, { unixMs }, SetClockReply, timeoutMs);
}

/** Tells the guest how short of memory the host is, from 0 to 4. */
export async function setGuestMemoryPressure(rpc: GuestRpc, level: number, timeoutMs: number): Promise<void> {
  await unary(rpc, 'SetMemoryPressure', SetMemoryPressureRequest, { level }, SetMemoryPressureReply, timeoutMs);
}

/** Makes the guest forget the files that it does not use; those too that it has cached, where `cached`. */
export async function releaseGuestFiles(rpc: GuestRpc, cached: boolean, timeoutMs: number): Promise<void> {
  await unary(rpc, 'ReleaseFiles', ReleaseFilesRequest, { cached }, ReleaseFilesReply, timeoutMs);
}

/** Ends every command and writes everything back; the guest powers off after its answer. */
export async function shutDownGuest(rpc: GuestRpc, graceMs: number, timeoutMs: number): Promise<void> {
  await unary(rpc, 'Shutdown', ShutdownRequest, { graceMs }, ShutdownReply, timeoutMs);
}

async function unary<Request, Reply>(
  rpc: GuestRpc,
  method: string,
  requestCodec: Codec<Request>,
  request: Request,
  replyCodec: Codec<Reply>,
  timeoutMs: number,
): Promise<Reply> {
  const stream = rpc.request('root', {
    ':method': 'POST',
    ':path': `/muvm.v1.Guest/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  if (!stream) throw new MuvmError('VM_ENDED', `Cannot call "${method}" as the guest is not connected`);
  try {
    const message = requestCodec.encode(request).finish();
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LIMITS.messageBytes) stream.destroy();
      else chunks.push(chunk);
    });
    await deadline(once(stream, 'end'), timeoutMs, { what: `Guest did not answer "${method}"` });
    return replyCodec.decode(Buffer.concat(chunks).subarray(PREFIX_BYTES));
  } finally {
    stream.on('error', () => {});
    stream.destroy();
  }
}
