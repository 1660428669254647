/** The part of the protocol that needs no gRPC library: what relays calls and prepares a guest imports this alone. */
export { BOOT_MARKS, type BootMark } from './boot-marks.ts';
export {
  ARCHITECTURES,
  type Architecture,
  diskSerial,
  FEX_DIRECTORIES_MAX,
  FOREIGN_ROOT,
  type ForeignRoot,
  type GuestEmulation,
  IMAGES_MAX,
  INTERPRETERS_MAX,
  type Interpreter,
} from './emulation.ts';
export { EXIT_STATUS, exitStatusOfSignal } from './exit-status.ts';
export { GuestDefinition } from './generated/guest.definition.ts';
export * from './generated/messages.ts';
export { type GuestConfig, type GuestX11, HOOKS_MAX, parseGuestConfig, type RpcTransport } from './guest-config.ts';
export { HOST_TIME_HEADER, IDENTITY_HEADER, type Identity } from './identity.ts';
export { type InitScriptOptions, renderInitScript } from './init-script.ts';
export { LIMITS } from './limits.ts';
export { EXEC_PORTS, LINK_PORTS, SERIAL_PORTS, SOCKET_PORTS, STREAM_PORTS } from './ports.ts';
export { type GuestSocket, SOCKETS_MAX } from './sockets.ts';
