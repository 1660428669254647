import { createLogger, format, transports } from 'winston';

/** A log in a file: one line an event, with the time in front. */
export interface FileLog extends AsyncDisposable {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Opens a log file of at most 4 MiB. A file that cannot be written (a full disk) loses lines, never the program. */
export function openFileLog(path: string): FileLog {
  const file = new transports.File({ filename: path, maxsize: FILE_BYTES_MAX, maxFiles: 1, tailable: true });
  const logger = createLogger({
    format: format.combine(
      format.timestamp(),
      format.printf(({ timestamp, level, message }) => `${timestamp} ${level} ${message}`),
    ),
    transports: [file],
  });
  file.on('error', () => {});
  logger.on('error', () => {});
  return {
    info: (message) => void logger.info(message),
    warn: (message) => void logger.warn(message),
    error: (message) => void logger.error(message),
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        file.once('finish', resolve);
        file.once('error', () => resolve());
        logger.end();
      });
    },
  };
}
