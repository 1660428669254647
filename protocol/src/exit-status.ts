/** Exit statuses of the `muvm` command that are not the command's own, as in env(1), ssh(1) and podman-run(1). */
export const EXIT_STATUS = {
  muvmFailed: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

/** 128+n, as shells report a death by signal n. */
export function exitStatusOfSignal(signalNumber: number): number {
  return 128 + signalNumber;
}
