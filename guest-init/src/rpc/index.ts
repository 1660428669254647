/**
 * A gRPC server straight on node:http2. grpc-js serves too, but its server cannot widen the window of a stream (64 KiB
 * starve a slow guest), copies each message four times, and loads for a third of the agent's whole start.
 * Wire format: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export { Call } from './call.ts';
export { framePrefix, MessageReader } from './framing.ts';
export { type Handlers, RpcServer } from './rpc-server.ts';
export { GRPC_STATUS, type GrpcFailure, grpcFailureOf } from './status.ts';
