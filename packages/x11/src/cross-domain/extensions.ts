/**
 * Requests of extensions that the engine looks into where descriptors can cross. Offsets are from the end of the header, as
 * it has 4 bytes or 8; lengths are of what follows it. Source: dri3proto.h, presentproto.h, syncproto.h, randrproto.h, shmproto.h
 * of xorgproto, and dri3proto.txt.
 */

/** 4 major · 8 minor, of what the client knows; the reply has 8 major · 12 minor. */
export const QUERY_VERSION = {
  minor: 0,
  bodyBytes: 8,
  majorVersion: 0,
  minorVersion: 4,
  replyMajor: 8,
  replyMinor: 12,
} as const;

/** From DRI3 1.4 and Present 1.4 on, synchronisation objects of the kernel cross, which are of one kernel. */
export const VERSION_MAX = { major: 1, minor: 3 } as const;

export const DRI3 = {
  /** drawable · provider. The reply brings the device. */
  open: { minor: 1, bodyBytes: 8 },
  /** pixmap · drawable · size · … With one descriptor. */
  pixmapFromBuffer: { minor: 2, bodyBytes: 20 },
  /** pixmap. The reply brings one descriptor. */
  bufferFromPixmap: { minor: 3 },
  /** drawable · fence · whether it is triggered. With one descriptor. */
  fenceFromFd: { minor: 4, bodyBytes: 12, fence: 4 },
  /** drawable · fence. The reply brings one descriptor: memory of the server's. */
  fdFromFence: { minor: 5 },
  /** pixmap · window · number of buffers (u8) · … With as many descriptors. */
  pixmapFromBuffers: { minor: 7, bodyBytes: 60, count: 8, buffersMax: 4 },
  /** pixmap. The reply brings as many descriptors as its byte 1 says. */
  buffersFromPixmap: { minor: 8 },
  /** The number of a device, which means nothing on another machine. */
  setDrmDeviceInUse: { minor: 9 },
  /** syncobj · drawable. With one descriptor. */
  importSyncobj: { minor: 10 },
  freeSyncobj: { minor: 11 },
} as const;

export const PRESENT = { pixmapSynced: { minor: 5 } } as const;

export const SYNC = { destroyFence: { minor: 17, bodyBytes: 4, fence: 0 } } as const;

/** RANDR CreateLease: the reply brings a descriptor of a device. */
export const RANDR = { createLease: { minor: 45 } } as const;

/** MIT-SHM AttachFd comes with one descriptor. */
export const SHM = { attachFd: { minor: 6 } } as const;

/** Core NoOperation, of any length. */
export const NO_OPERATION = 127;

/** What a request may at most be looked into: the fixed part of PixmapFromBuffers. */
export const BODY_BYTES_MAX = 60;
