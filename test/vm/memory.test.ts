/** Memory that the guest does not need goes back to the host. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { describe, expect } from '@jest/globals';
import { GuestClient } from '@muvm/protocol';
import { onlyOnce, rssBytes, TEST_DRIVER, until, useWarmVm } from '../framework/index.ts';

const MIB = 1024 * 1024;
// Much beside what does not come back: pages in use, here and there among those that were dropped.
const CACHED_BYTES = (TEST_DRIVER === 'qemu' ? 700 : 300) * MIB;
const BACK_MS = 60_000;
const CRITICAL = 4;

const vm = useWarmVm(['--mem', '2048']);

/** Sends a level the way the supervisor does, over the socket of root. */
async function press(level: number): Promise<string | undefined> {
  const client = new GuestClient(
    `unix:${join(vm.sandbox.runRoot, 'default', 'root.sock')}`,
    credentials.createInsecure(),
  );
  try {
    return await new Promise((resolve) => client.setMemoryPressure({ level }, (error) => resolve(error?.details)));
  } finally {
    client.close();
  }
}

const watermark = async () => (await vm.run(['--', 'cat', '/proc/sys/vm/watermark_scale_factor'])).stdout.trim();

async function vmmRss(): Promise<number> {
  const [facts] = JSON.parse((await vm.run(['--status', '--json'])).stdout);
  return rssBytes(facts.vmmPid) ?? 0;
}

describe('memory pressure of the host', () => {
  vm.test(
    'makes the kernel of the guest keep more memory free',
    async () => {
      expect(await press(2)).toBeUndefined();
      expect(await watermark()).toBe('2000');
      expect(await press(0)).toBeUndefined();
      expect(await watermark()).toBe('10');
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'that is critical gives the page cache of the guest back to the host',
    async () => {
      const file = join(vm.sandbox.files, 'large');
      writeFileSync(file, Buffer.alloc(CACHED_BYTES, 'x'));
      expect((await vm.run(['--', 'sh', '-c', `cat '${file}' | wc -c`])).stdout.trim()).toBe(`${CACHED_BYTES}`);
      const full = await vmmRss();
      await press(CRITICAL);
      let left = full;
      const isBack = async () => {
        left = await vmmRss();
        return full - left > CACHED_BYTES / 2;
      };
      if (!(await until(isBack, BACK_MS))) throw new Error(`The machine kept ${left / MIB} of ${full / MIB} MiB`);
      await press(0);
    },
    { timeoutMs: 2 * BACK_MS },
  );
});
