/**
 * Commands in the guest: the Exec call with its input, output, signals and end. Knows nothing of terminals and
 * command lines.
 */
export {
  type ExecOptions,
  type ExecStreams,
  type RunningCommand,
  runCommand,
} from './client.ts';
export type { ExecEnd } from './exec-end.ts';
export { OutputClosed, writePiece } from './output.ts';
