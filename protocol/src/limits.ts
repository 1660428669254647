/** Caps on what one side accepts from the other. What exceeds one ends that call, and nothing else. */
export const LIMITS = {
  /** One gRPC message: a full ARG_MAX of arguments and environment fits. */
  messageBytes: 4 * 1024 * 1024,
  /** The reply of a call with one reply: a dozen boot steps with their texts. */
  replyBytes: 64 * 1024,
  /** One piece of stdin, stdout or stderr. */
  chunkBytes: 1024 * 1024,
  /** Entries of `argv`. */
  arguments: 65_536,
  /** Entries of `env`. */
  variables: 65_536,
  /** Linux takes no longer single string in execve(2): MAX_ARG_STRLEN, 32 pages. */
  argumentBytes: 131_071,
  /** PATH_MAX of linux/limits.h, without the final zero byte. */
  pathBytes: 4095,
  /** Exec calls at the same time, in one VM. */
  commands: 4096,
  /** Rows or columns of a terminal: a struct winsize holds 16 bits. */
  terminalCells: 65_535,
  /** SIGRTMAX. */
  signalNumber: 64,
  /** The file the guest is started with. */
  guestConfigBytes: 256 * 1024,
} as const;
