import { MuvmError } from '@muvm/errors';
import { LIMITS, type Start, type TerminalSize } from '@muvm/protocol/contract';

/** @throws MuvmError PROTOCOL where the start of a command is not one that a well-made client sends */
export function checkStart(start: Start): void {
  const variables = Object.entries(start.env);
  if (start.argv.length === 0 || start.argv[0] === '') throw wrong('Cannot start a command without a name');
  checkCount('arguments', start.argv.length, LIMITS.arguments);
  checkCount('variables', variables.length, LIMITS.variables);
  for (const argument of start.argv) checkText('an argument', argument, LIMITS.argumentBytes);
  for (const [name, value] of variables) checkVariable(name, value);
  checkText('the working directory', start.workdir, LIMITS.pathBytes);
  if (!start.workdir.startsWith('/')) {
    throw wrong(`Cannot use ${quoted(start.workdir)} as the working directory as it must be an absolute path`);
  }
  if (start.terminal !== undefined) checkTerminalSize(start.terminal);
  if (start.detach && (start.stdin || start.terminal !== undefined)) {
    throw wrong('Cannot give a detached command a terminal or an input as no client stays with it');
  }
}

/** @throws MuvmError PROTOCOL where no terminal has that size */
export function checkTerminalSize({ rows, columns }: TerminalSize): void {
  for (const cells of [rows, columns]) {
    if (cells >= 1 && cells <= LIMITS.terminalCells) continue;
    throw wrong(
      `Cannot use ${rows} rows and ${columns} columns as the size of a terminal as each must be 1 to ${LIMITS.terminalCells}`,
    );
  }
}

/** @throws MuvmError PROTOCOL where Linux has no such signal */
export function checkSignal(number: number): void {
  if (number >= 1 && number <= LIMITS.signalNumber) return;
  throw wrong(`Cannot send the signal ${number} as its number must be 1 to ${LIMITS.signalNumber}`);
}

/** @throws MuvmError PROTOCOL where a piece of input is too long */
export function checkChunk(bytes: number): void {
  if (bytes <= LIMITS.chunkBytes) return;
  throw wrong(`Cannot take ${bytes} bytes of input at once as they must be at most ${LIMITS.chunkBytes}`);
}

function checkVariable(name: string, value: string): void {
  if (name === '' || name.includes('=')) {
    throw wrong(`Cannot use ${quoted(name)} as the name of a variable as it must be without "=" and not empty`);
  }
  // In memory it is one string, name=value.
  checkText(`the variable ${quoted(name)}`, `${name}=${value}`, LIMITS.argumentBytes);
}

function checkText(what: string, text: string, bytesMax: number): void {
  if (text.includes('\0')) throw wrong(`Cannot use ${what} with a zero byte in it`);
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) throw wrong(`Cannot use ${what} of ${bytes} bytes as it must be at most ${bytesMax}`);
}

function checkCount(what: string, count: number, countMax: number): void {
  if (count > countMax) throw wrong(`Cannot start a command with ${count} ${what} as it must be at most ${countMax}`);
}

const SHOWN_LENGTH_MAX = 80;

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text);
}

function wrong(sentence: string): MuvmError {
  return new MuvmError('PROTOCOL', sentence);
}
