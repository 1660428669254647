import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import {
  adoptStream,
  createPipe,
  duplicateDescriptor,
  openTerminal,
  type Pipe,
  setTerminalSize,
  type Terminal,
} from '@muvm/linux';
import type { Start, TerminalSize } from '@muvm/protocol/contract';

/** Linux' own limit for pipes of users (fs.pipe-max-size): fewer wake-ups than the usual 64 KiB. */
const PIPE_BYTES = 1024 * 1024;

/** The agent's ends of what a command reads and writes. */
export interface Stdio {
  readonly child: readonly [number, number, number] | string;
  readonly input: Socket | undefined;
  readonly outputs: readonly Output[];
  readonly terminal: Terminal | undefined;
  /** To be called once the command has its own ends, or was refused. */
  closeChildEnds(): void;
  /** Closes all that is left, once. For a terminal this hangs it up. */
  close(): void;
}

export interface Output {
  readonly name: 'stdout' | 'stderr';
  readonly socket: Socket;
  /** Of the socket, which owns it. */
  readonly fd: number;
}

/** Real pipes, not the socket pairs of node:child_process, so that a program can open /dev/stdout. */
export function openPipes(withInput: boolean): Stdio {
  const opened: number[] = [];
  try {
    const stdin = withInput ? pipe(opened) : { readEnd: openSync('/dev/null', 'r'), writeEnd: undefined };
    opened.push(stdin.readEnd);
    return joinPipes(stdin, pipe(opened), pipe(opened));
  } catch (error) {
    for (const fd of new Set(opened)) closeSync(fd);
    throw error;
  }
}

function pipe(opened: number[]): Pipe {
  const made = createPipe(PIPE_BYTES);
  opened.push(made.readEnd, made.writeEnd);
  return made;
}

function joinPipes(stdin: { readEnd: number; writeEnd: number | undefined }, stdout: Pipe, stderr: Pipe): Stdio {
  const input = stdin.writeEnd === undefined ? undefined : new Socket({ fd: stdin.writeEnd, readable: false });
  const outputs = [readerOf('stdout', stdout.readEnd), readerOf('stderr', stderr.readEnd)];
  const child = [stdin.readEnd, stdout.writeEnd, stderr.writeEnd] as const;
  return {
    child,
    input,
    outputs,
    terminal: undefined,
    closeChildEnds() {
      for (const fd of child) closeSync(fd);
    },
    close() {
      input?.destroy();
      for (const { socket } of outputs) socket.destroy();
    },
  };
}

/** The console takes the output of a command that nobody attends. */
export function openConsole(consoleFd: number): Stdio {
  const nothing = openSync('/dev/null', 'r');
  return {
    child: [nothing, consoleFd, consoleFd],
    input: undefined,
    outputs: [],
    terminal: undefined,
    closeChildEnds: () => closeSync(nothing),
    close() {},
  };
}

/** A terminal that has its size before anybody looks at it. */
export function openTerminalStdio(size: TerminalSize): Stdio {
  const terminal = openTerminal();
  setTerminalSize(terminal.slave, size.rows, size.columns);
  const socket = adoptStream(duplicateDescriptor(terminal.master));
  return {
    child: terminal.path,
    input: socket,
    outputs: [{ name: 'stdout', socket, fd: terminal.master }],
    terminal,
    closeChildEnds() {},
    close: once(() => {
      socket.destroy();
      closeSync(terminal.slave);
      closeSync(terminal.master);
    }),
  };
}

export function openStdio(start: Start, consoleFd: number): Stdio {
  if (start.detach) return openConsole(consoleFd);
  return start.terminal === undefined ? openPipes(start.stdin) : openTerminalStdio(start.terminal);
}

function readerOf(name: Output['name'], fd: number): Output {
  return { name, fd, socket: new Socket({ fd, readable: true, writable: false }) };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
