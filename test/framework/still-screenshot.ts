import { setTimeout as sleep } from 'node:timers/promises';
import { patient } from './driver.ts';
import { until } from './until.ts';
import type { XServer } from './x-server.ts';

const WITHIN_MS = 60_000;
const BETWEEN_MS = 500;

/** What a server shows once it is not `blank`, and stays as it is. @throws Error where no window appears */
export async function stillScreenshot(server: XServer, blank: Buffer): Promise<Buffer> {
  let last = blank;
  const isStill = async () => {
    const now = server.screenshot();
    const still = !now.equals(blank) && now.equals(last);
    last = now;
    if (!still) await sleep(BETWEEN_MS);
    return still;
  };
  if (!(await until(isStill, patient(WITHIN_MS)))) throw new Error('No window appeared');
  return last;
}
