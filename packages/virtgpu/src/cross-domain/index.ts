/** The cross-domain context: a connection to a socket of the host that carries buffers and futexes beside bytes. */
export { CrossDomainChannel } from './channel.ts';
export type { ChannelMessage, ReceivedIdentifier } from './decode.ts';
export type { Identifier } from './encode.ts';
export {
  CHANNEL_TYPES,
  CROSS_DOMAIN_CAPABILITIES,
  IDENTIFIER_TYPES,
  RECEIVE_DATA_BYTES_MAX,
  SEND_DATA_BYTES_MAX,
  TRANSFER,
} from './protocol.ts';
