import { closeSync, constants, openSync, readSync } from 'node:fs';

const KERNEL_LOG = '/dev/kmsg';

// A record is at most so long, and the kernel keeps some thousands of them: dev-kmsg of its documentation.
const RECORD_BYTES_MAX = 8192;
const RECORDS_MAX = 100_000;

/** The last line of the kernel's log that has a text in it; undefined where there is none, or no log. */
export function lastKernelLine(text: string, path = KERNEL_LOG): string | undefined {
  let found: string | undefined;
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      for (const line of records(fd)) if (line.includes(text)) found = line;
    } finally {
      closeSync(fd);
    }
  } catch {
    // The end of the log is an error, EAGAIN.
  }
  return found;
}

/** Each read gives one record: `priority,number,time,flags;text`, and lines of details. */
function* records(fd: number): Generator<string> {
  const record = Buffer.alloc(RECORD_BYTES_MAX);
  for (let count = 0; count < RECORDS_MAX; count += 1) {
    const bytes = readSync(fd, record);
    if (bytes === 0) return;
    const [line = ''] = record.toString('utf8', 0, bytes).split('\n');
    yield line.slice(line.indexOf(';') + 1);
  }
}
