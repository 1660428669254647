/** How a helper ended: by itself with a status, or by a signal. */
export interface HelperExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** A sentence such as `QEMU was killed by SIGKILL`. */
  readonly sentence: string;
}

export function describeExit(name: string, code: number | null, signal: NodeJS.Signals | null): HelperExit {
  const sentence = signal ? `${name} was killed by ${signal}` : `${name} ended with status ${code}`;
  return { code, signal, sentence };
}
