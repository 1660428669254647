import { closeSync, openSync, rmSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { exportVirtiofsFile } from './virtiofs-export.ts';

test('exportVirtiofsFile() says that a file of another file system cannot be offered', () => {
  const path = `/dev/shm/muvm-test-export-${process.pid}`;
  const fd = openSync(path, 'wx+');
  try {
    expect(() => exportVirtiofsFile(fd)).toThrow(expect.objectContaining({ code: 'ENOTTY' }));
  } finally {
    closeSync(fd);
    rmSync(path);
  }
});
