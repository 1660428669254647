/** Looks again and again. @returns whether it came true in time */
export async function until(isTrue: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const latestMs = performance.now() + withinMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() > latestMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
