/** Every code a {@link MuvmError} can carry. A code is never reused for another meaning. */
export type ErrorCode =
  /** Words, options or settings that cannot be used. */
  | 'USAGE'
  /** A part that the host must have is missing: a program, a library, a device. */
  | 'MISSING_PART'
  /** The run directory, the lock or another file of ours cannot be used. */
  | 'RUN_DIRECTORY'
  /** The virtual machine did not come up. */
  | 'START_FAILED'
  /** A boot step inside the guest failed. */
  | 'BOOT_FAILED'
  /** The virtual machine ended while it was needed. */
  | 'VM_ENDED'
  /** No virtual machine of that name runs. */
  | 'NOT_RUNNING'
  /** The other side sent what it must not send. */
  | 'PROTOCOL'
  /** The other end of a stream is not there. */
  | 'REFUSED'
  /** A wait took longer than its limit. */
  | 'TIMED_OUT'
  /** The kernel refused a call. */
  | 'SYSTEM'
  /** A defect of muvm itself. */
  | 'INTERNAL';
