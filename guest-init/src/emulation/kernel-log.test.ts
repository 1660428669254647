import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lastKernelLine } from './kernel-log.ts';

test('lastKernelLine() finds the text of a record, and nothing where there is no log', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-log-'));
  const path = join(directory, 'kmsg');
  writeFileSync(path, '3,412,1234567,-;erofs: (device vda): cannot find valid erofs superblock\n SUBSYSTEM=block\n');
  expect(lastKernelLine('(device vda)', path)).toBe('erofs: (device vda): cannot find valid erofs superblock');
  expect(lastKernelLine('(device vdb)', path)).toBeUndefined();
  expect(lastKernelLine('(device vda)', join(directory, 'none'))).toBeUndefined();
  rmSync(directory, { recursive: true });
});
