/**
 * What of the guest's devices the user may use: those of the machine are all there for this user, who has no groups of a
 * seat here. A name with `*` stands for all that begin so.
 */
export const USER_DEVICES = [
  '/dev/dri/*',
  '/dev/snd/*',
  '/dev/input/event*',
  '/dev/input/js*',
  '/dev/hidraw*',
  '/dev/uinput',
  '/dev/vsock',
  '/dev/kvm',
] as const;
