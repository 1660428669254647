/**
 * Commands in the guest: the Exec call with its input, output, signals and end. Knows nothing of terminals and
 * command lines.
 */
export {
  type ExecEnd,
  type ExecOptions,
  type ExecStreams,
  type RunningCommand,
  runCommand,
} from './client.ts';
export { commandEnvironment } from './environment.ts';
export { OutputClosed, writePiece } from './output.ts';
