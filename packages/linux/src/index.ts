/** The only room that touches the C library. One wrapper a call, constants with the header they come from. */
export { adoptListener, adoptStream } from './adopt.ts';
export { type Credentials, runAs } from './credentials.ts';
export { closeInherited, createPipe, isHungUp, type Pipe, replaceDescriptor, setNonblocking } from './descriptor.ts';
export { duplicateDescriptor } from './duplicate.ts';
export { EPOLL_EVENTS, Epoll, type EpollEvent } from './epoll.ts';
export { tryLock } from './file-lock.ts';
export {
  createFutexWatcher,
  FUTEX_EVERYONE,
  FUTEX_MASKS,
  FUTEXES_MAX,
  type FutexWatcher,
  futexWake,
  MissedWakes,
} from './futex/index.ts';
export { addressOf, type IoctlRequest, ioctl, ioctlNumber } from './ioctl.ts';
export { KOFFI_FILE, type Koffi, loadKoffi } from './koffi.ts';
export { tryKvm } from './kvm.ts';
export { checked, lastErrno, libcFunction, systemError } from './libc.ts';
export {
  acceptConnection,
  MESSAGE_DESCRIPTORS_MAX,
  type ReceivedMessage,
  receiveMessage,
  sendMessage,
} from './message-socket.ts';
export {
  coverFile,
  FILE_SYSTEM_MAGIC,
  MOUNT_FLAGS,
  type MountRequest,
  mount,
  syncFileSystems,
  unmount,
} from './mount.ts';
export { RouteSocket } from './netlink.ts';
export { bringUp } from './network-interface.ts';
export { onceReadable } from './once-readable.ts';
export { PacketSocket } from './packet-socket.ts';
export { type PeerCredentials, peerCredentials } from './peer-credentials.ts';
export { pinLibrary } from './pin-library.ts';
export {
  handOver,
  type Mapping,
  processName,
  type RemoteCall,
  type RemoteThread,
  readMappings,
  releaseStragglers,
  type StoppedProcess,
  stopProcess,
} from './ptrace/index.ts';
export { enterRawMode } from './raw-mode.ts';
export { hasInput, waitingBytes } from './readiness.ts';
export { raiseOpenFilesLimit } from './rlimit.ts';
export { mapShared, type SharedMemory } from './shared-memory.ts';
export { createSocketPair } from './socket-pair.ts';
export { type SpawnRequest, spawnProcess } from './spawn.ts';
export { openTerminal, setTerminalSize, type Terminal } from './terminal.ts';
export { SOCKET_PATH_BYTES_MAX } from './unix-address.ts';
export { connectUnix } from './unix-connection.ts';
export { listenUnix } from './unix-listener.ts';
export { type ExportedFile, exportVirtiofsFile } from './virtiofs-export.ts';
export { connectVsock, listenVsock, peerCid, VSOCK_CIDS } from './vsock.ts';
export { collectChild, decodeWaitStatus, type ProcessEnd } from './wait.ts';
export { setWallClock } from './wall-clock.ts';
