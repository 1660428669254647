/**
 * Lines that the guest writes to its console while it boots, so that the host can time the phases by its own clock.
 * Each stands alone on a line.
 */
export const BOOT_MARKS = {
  /** The first line of the first program. */
  init: 'muvm: init',
  /** The agent's first statement. */
  agent: 'muvm: agent',
  /** All boot steps are done. */
  ready: 'muvm: ready',
} as const;

export type BootMark = keyof typeof BOOT_MARKS;
