/**
 * Runs jobs side by side, each in a lane; the next job starts in the first free lane.
 *
 * @param signal no job starts once it is aborted
 */
export async function runInLanes<Job>(
  jobs: readonly Job[],
  laneCount: number,
  run: (job: Job) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = [...jobs];
  const next = () => (signal?.aborted ? undefined : waiting.shift());
  const lane = async () => {
    for (let job = next(); job !== undefined; job = next()) await run(job);
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
}
