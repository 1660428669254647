/** Paths of the methods of the service in guest.proto, as HTTP/2 carries them. */
export const METHODS = {
  exec: '/muvm.v1.Guest/Exec',
  status: '/muvm.v1.Guest/Status',
  watchStatus: '/muvm.v1.Guest/WatchStatus',
  setClock: '/muvm.v1.Guest/SetClock',
  setMemoryPressure: '/muvm.v1.Guest/SetMemoryPressure',
  releaseFiles: '/muvm.v1.Guest/ReleaseFiles',
  shutdown: '/muvm.v1.Guest/Shutdown',
} as const;
