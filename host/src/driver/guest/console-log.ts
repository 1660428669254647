import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

/** The guest's console: kept in a file of bounded size, and read line by line. Disposal closes the file. */
export interface ConsoleLog extends Disposable {
  write(chunk: Buffer): void;
}

/** What a console that anybody in the guest may write to takes on the host's disk: twice this, at most. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const LINE_BYTES_MAX = 4096;

/**
 * Opens the log. When the file is full it becomes `PATH.1` and a new one is begun. A disk that is full loses lines,
 * never the machine.
 */
export function openConsoleLog(path: string, onLine: (line: string) => void): ConsoleLog {
  let fd = openSync(path, 'a', 0o600);
  let writtenBytes = 0;
  let rest = '';
  const rotate = () => {
    closeSync(fd);
    renameSync(path, `${path}.1`);
    fd = openSync(path, 'a', 0o600);
    writtenBytes = 0;
  };
  let isOpen = true;
  return {
    write(chunk) {
      if (!isOpen) return;
      try {
        writtenBytes += writeSync(fd, chunk);
        if (writtenBytes > FILE_BYTES_MAX) rotate();
      } catch {
        // A full disk: the machine goes on, and the lines are lost.
      }
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = (lines.pop() ?? '').slice(0, LINE_BYTES_MAX);
      for (const line of lines) onLine(line.trimEnd());
    },
    [Symbol.dispose]() {
      isOpen = false;
      closeSync(fd);
    },
  };
}
