/** NR_CPUS of the largest kernels. */
const CPU_NUMBER_MAX = 8191;

/**
 * Reads the list format of cpuset(7): `0-3,6`. Undefined for any other text. The result is ascending and holds no
 * number twice.
 */
export function parseCpuRanges(text: string): number[] | undefined {
  const cpus = new Set<number>();
  for (const range of text.split(',')) {
    const bounds = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range);
    const first = Number(bounds?.[1] ?? Number.NaN);
    const last = Number(bounds?.[2] ?? first);
    if (!(first <= last && last <= CPU_NUMBER_MAX)) return undefined;
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** The reverse of {@link parseCpuRanges}, as short as it can be. Takes an ascending list. */
export function formatCpuRanges(cpus: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const cpu of cpus) {
    const range = ranges.at(-1);
    if (range && cpu === range.last + 1) range.last = cpu;
    else ranges.push({ first: cpu, last: cpu });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
