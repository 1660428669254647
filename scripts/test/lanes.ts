/** Runs jobs side by side, each in a lane of its own; the next job starts in the lane that is free first. */
export async function runInLanes<Job>(
  jobs: readonly Job[],
  laneCount: number,
  run: (job: Job) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const lane = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await run(job);
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
}
