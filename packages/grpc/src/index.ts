/**
 * The wire format of gRPC over HTTP/2, for code that must not load grpc-js: message framing, status codes, trailers and method
 * paths. Pure functions and state over bytes; no sockets.
 *
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export { framed, framePrefix, MessageReader } from './framing.ts';
export { methodPath, type ServiceDefinition, servicePrefix } from './methods.ts';
export {
  describeStatus,
  errorTrailers,
  GRPC_STATUS,
  type GrpcStatus,
  REPLY_HEADERS,
  REQUEST_HEADERS,
  readStatus,
  statusTrailers,
  type Trailers,
} from './status.ts';
export { decodeStatusText, encodeStatusText, STATUS_TEXT_BYTES_MAX } from './status-text.ts';
