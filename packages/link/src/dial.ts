import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { Deferred, deadline } from '@muvm/lifetime';
import { abortable } from './abortable.ts';
import { REASON_HEADER, refusalOf, refused } from './refusal.ts';
import type { ResetBudget } from './reset-budget.ts';
import { makeWhole } from './whole-stream.ts';

export interface DialOptions {
  readonly signal?: AbortSignal | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly timeoutMs: number;
  readonly resets: ResetBudget;
}

/** Opens a stream to a port over a session whose other side runs `acceptStreams`. */
export async function dial(
  session: ClientHttp2Session,
  port: number,
  { signal, timeoutMs, resets, allowHalfOpen }: DialOptions,
): Promise<Duplex> {
  signal?.throwIfAborted();
  const stream = request(session, port);
  makeWhole(stream, { spendReset: (reset) => resets.spend(reset), allowHalfOpen });
  try {
    await deadline(abortable(answerOf(stream, port), signal), timeoutMs, {
      what: `Port ${port} of the other side did not answer`,
    });
    return stream;
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

function request(session: ClientHttp2Session, port: number): ClientHttp2Stream {
  try {
    return session.request({
      [constants.HTTP2_HEADER_METHOD]: 'CONNECT',
      [constants.HTTP2_HEADER_AUTHORITY]: `muvm:${port}`,
    });
  } catch (cause) {
    throw refused(port, 'the link was lost', cause);
  }
}

function answerOf(stream: ClientHttp2Stream, port: number): Promise<void> {
  const answer = new Deferred<void>();
  stream.once('response', (headers: IncomingHttpHeaders & { ':status'?: number }) => {
    const status = headers[':status'];
    if (status === 200) return answer.resolve();
    const reason = headers[REASON_HEADER];
    answer.reject(refusalOf(port, { status, reason: typeof reason === 'string' ? reason : undefined }));
  });
  stream.once('error', (cause) => answer.reject(refused(port, 'the stream was reset', cause)));
  stream.once('close', () => answer.reject(refused(port, 'the link was lost')));
  return answer.promise;
}
