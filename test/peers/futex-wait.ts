/**
 * The waiting side of test/vm/gpu.test.ts, on the host.
 *
 *     node futex-wait.cjs FILE       waits for the futex in the first word of a file, and prints why it went on
 */
import { openSync } from 'node:fs';
import { mapShared } from '@muvm/linux';
import { PAGE_BYTES } from './dance.ts';
import { waitForWake } from './futex.ts';

const TIMEOUT_MS = 120_000;

const { bytes } = mapShared(openSync(process.argv[2] as string, 'r+'), PAGE_BYTES);
console.log('waits');
const errno = waitForWake(bytes, bytes.readUInt32LE(0), TIMEOUT_MS);
console.log(errno === 0 ? 'woken' : `went on with errno ${errno}`);
