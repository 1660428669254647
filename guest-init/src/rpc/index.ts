/**
 * A gRPC server straight on node:http2. grpc-js serves too, but its server cannot widen the window of a stream (64 KiB
 * starve a slow guest), copies each message four times, and loads for a third of the agent's whole start.
 * The wire format is in packages/grpc.
 */
export { Call } from './call.ts';
export { type Handlers, RpcServer } from './rpc-server.ts';
