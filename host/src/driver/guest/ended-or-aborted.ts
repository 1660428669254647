/** A signal that aborts with another one, or as soon as the machine has ended. */
export function endedOrAborted(ended: Promise<unknown>, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  void ended.then(() => controller.abort());
  signal.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
