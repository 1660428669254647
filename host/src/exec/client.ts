import type { Readable, Writable } from 'node:stream';
import { type ChannelOptions, credentials } from '@grpc/grpc-js';
import { MuvmError } from '@muvm/errors';
import { type ExecReply, type ExecRequest, GuestClient, type Start, type TerminalSize } from '@muvm/protocol';
import type { ExecCall } from './call.ts';
import { type ExecEnd, endOf } from './exec-end.ts';
import { pumpInput } from './input.ts';
import { lostCallError } from './lost-call.ts';
import { OutputClosed, writePiece } from './output.ts';

// Retries would keep a copy of all input; the socket is local, so that neither proxies nor statistics are of use.
const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc-node.flow_control_window': 1024 * 1024,
};

export interface ExecStreams {
  /** Without it the command reads from /dev/null. */
  readonly stdin?: Readable | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** What can be said to a command that runs. */
export interface RunningCommand {
  /** Settles when the message is on its way. */
  readonly sendSignal: (signalNumber: number) => Promise<void>;
  readonly resize: (size: TerminalSize) => void;
}

export interface ExecOptions {
  /** For sentences to the user. */
  readonly vmName: string;
  /** Gives the call up: the command is ended with it. */
  readonly signal: AbortSignal;
  /** Comes before the first byte of output. */
  readonly onStarted?: (command: RunningCommand) => void;
}

/**
 * Runs a command in the guest that answers on a unix socket. Returns when it has ended and all its output is
 * written.
 *
 * @throws the reason of `signal` where that ended the call
 * @throws MuvmError of the supervisor's own, VM_ENDED, or NOT_RUNNING where nobody answers on the socket
 */
export async function runCommand(
  socketPath: string,
  start: Start,
  streams: ExecStreams,
  { vmName, signal, onStarted }: ExecOptions,
): Promise<ExecEnd> {
  signal.throwIfAborted();
  const client = new GuestClient(`unix:${socketPath}`, credentials.createInsecure(), CHANNEL_OPTIONS);
  const session = new Session(client.exec(), streams, onStarted);
  const cancel = () => session.cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await session.run(start);
  } catch (error) {
    if (error instanceof OutputClosed) return { how: 'output-closed' };
    signal.throwIfAborted();
    throw lostCallError(error, vmName, session.isStarted);
  } finally {
    signal.removeEventListener('abort', cancel);
    session.cancel();
    client.close();
  }
}

/** One Exec call from its start to its end. */
class Session {
  readonly #call: ExecCall;
  readonly #streams: ExecStreams;
  readonly #onStarted: ExecOptions['onStarted'];
  #stopInput = () => {};
  #fault: MuvmError | undefined;
  isStarted = false;

  constructor(call: ExecCall, streams: ExecStreams, onStarted: ExecOptions['onStarted']) {
    this.#call = call;
    this.#streams = streams;
    this.#onStarted = onStarted;
    // A call that was given up still reports its end, which nobody waits for any more.
    call.on('error', () => {});
    for (const output of [streams.stdout, streams.stderr]) output.on('error', () => {});
  }

  async run(start: Start): Promise<ExecEnd> {
    this.#send({ $case: 'start', value: start });
    try {
      for await (const { event } of this.#call as AsyncIterable<ExecReply>) {
        const end = await this.#take(event, start);
        if (end) return end;
      }
    } catch (error) {
      throw this.#fault ?? error;
    }
    throw new MuvmError('PROTOCOL', 'Guest ended the call without an exit status');
  }

  cancel(): void {
    this.#stopInput();
    this.#call.cancel();
  }

  async #take(event: ExecReply['event'], start: Start): Promise<ExecEnd | undefined> {
    switch (event?.$case) {
      case 'started':
        this.#started();
        return start.detach ? { how: 'detached' } : undefined;
      case 'stdout':
        await writePiece(this.#streams.stdout, event.value);
        return undefined;
      case 'stderr':
        await writePiece(this.#streams.stderr, event.value);
        return undefined;
      case 'exit':
        return endOf(event.value);
      case 'refused':
        return { how: 'refused', ...event.value };
      default:
        throw new MuvmError('PROTOCOL', 'Guest sent an answer that this muvm does not know');
    }
  }

  // Input waits for the start, so that a call which reaches nobody has taken nothing from it and can be made again.
  #started(): void {
    this.isStarted = true;
    const sendSignal = (number: number) =>
      new Promise<void>((resolve) => this.#send({ $case: 'signal', value: { number } }, resolve));
    this.#onStarted?.({ sendSignal, resize: (size) => this.#send({ $case: 'resize', value: size }) });
    const { stdin } = this.#streams;
    if (stdin) this.#stopInput = pumpInput(stdin, this.#call, (fault) => this.#fail(fault));
  }

  #fail(fault: MuvmError): void {
    this.#fault ??= fault;
    this.#call.cancel();
  }

  #send(event: NonNullable<ExecRequest['event']>, sent: () => void = () => {}): void {
    this.#call.write({ event }, sent);
  }
}
