import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ExecReply, ExecRequest } from '@muvm/protocol/contract';

/** One running Exec call, as the client sees it. */
export type ExecCall = ClientDuplexStream<ExecRequest, ExecReply>;
