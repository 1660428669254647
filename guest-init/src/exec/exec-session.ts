import { MuvmError } from '@muvm/errors';
import { type ProcessEnd, setTerminalSize } from '@muvm/linux';
import { ExecRequest, type Exit, type Start } from '@muvm/protocol/contract';
import type { Call } from '../rpc/index.ts';
import type { Account } from './account.ts';
import { checkChunk, checkSignal, checkStart, checkTerminalSize } from './check-start.ts';
import type { Children } from './children.ts';
import { Command } from './command.ts';
import type { Commands } from './commands.ts';
import { Input } from './input.ts';
import { type Launched, launch } from './launch.ts';
import { OutputPump } from './output.ts';
import { Refusal } from './refusal.ts';
import { encodeReply } from './reply.ts';

/** What all sessions share. */
export interface ExecHost {
  readonly commands: Commands;
  readonly children: Children;
  /** Where detached commands write. */
  readonly consoleFd: number;
}

interface Running extends Launched {
  readonly command: Command;
  readonly input: Input | undefined;
}

/** One Exec call: at most one command, which goes when its client does. */
export class ExecSession {
  readonly #call: Call;
  readonly #account: Account;
  readonly #host: ExecHost;
  #hasStarted = false;
  #running: Running | undefined;

  constructor(call: Call, account: Account, host: ExecHost) {
    this.#call = call;
    this.#account = account;
    this.#host = host;
    call.onGone(() => this.#abandon());
    call.listen({ message: (bytes) => this.#message(bytes), end: () => this.#endOfRequests() });
  }

  #message(bytes: Buffer): void {
    try {
      this.#handle(ExecRequest.decode(bytes).event);
    } catch (error) {
      this.#abandon();
      throw error instanceof MuvmError ? error : unreadable(error);
    }
  }

  #handle(event: ExecRequest['event']): void {
    if (event === undefined) throw new MuvmError('PROTOCOL', 'Cannot use a message without an event');
    if (event.$case === 'start') this.#start(event.value);
    else if (this.#running !== undefined) pass(event, this.#running);
    else throw new MuvmError('PROTOCOL', `Cannot use "${event.$case}" as there is no command yet`);
  }

  #start(start: Start): void {
    if (this.#hasStarted) throw new MuvmError('PROTOCOL', 'Cannot start a second command in one call');
    this.#hasStarted = true;
    checkStart(start);
    try {
      this.#host.commands.checkRoom();
      this.#run(start, launch(start, this.#account, this.#host.consoleFd));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#call.send(encodeReply({ $case: 'refused', value: error.reply }));
      this.#call.finish();
    }
  }

  #run(start: Start, launched: Launched): void {
    const { pid, stdio } = launched;
    const command = new Command(pid, start.detach);
    this.#host.children.watch(pid, (end) => command.hasEnded(end));
    this.#host.commands.add(command);
    this.#call.send(encodeReply({ $case: 'started', value: { pid } }));
    if (start.detach) {
      this.#call.finish();
      void command.end.then(() => this.#host.commands.remove(command));
      return;
    }
    const input = stdio.input && new Input(stdio.input, this.#call, stdio.terminal !== undefined);
    this.#running = { ...launched, command, input };
    const pump = new OutputPump(stdio, this.#call);
    void command.end.then((end) => this.#ended(this.#running, pump, end));
  }

  async #ended(running: Running | undefined, pump: OutputPump, end: ProcessEnd): Promise<void> {
    if (running === undefined) return;
    try {
      await pump.drain();
      this.#call.send(encodeReply({ $case: 'exit', value: exitOf(end) }));
      this.#call.finish();
    } catch (error) {
      this.#call.fail(error);
    } finally {
      this.#running = undefined;
      running.stdio.close();
      this.#host.commands.remove(running.command);
    }
  }

  /** A client that says no more has no more input. */
  #endOfRequests(): void {
    if (!this.#hasStarted) throw new MuvmError('PROTOCOL', 'Cannot use a call without "start"');
    const input = this.#running?.input;
    if (input !== undefined && !input.hasEnded && this.#running?.stdio.terminal === undefined) input.end();
  }

  #abandon(): void {
    const running = this.#running;
    if (running === undefined) return;
    running.command.hangUp();
    running.stdio.close();
  }
}

/** What goes to a command that runs. */
function pass(event: Exclude<NonNullable<ExecRequest['event']>, { $case: 'start' }>, running: Running): void {
  switch (event.$case) {
    case 'stdin':
      checkChunk(event.value.length);
      inputOf(running).write(event.value);
      break;
    case 'stdinEnd':
      inputOf(running).end();
      break;
    case 'resize':
      resize(running, event.value);
      break;
    case 'signal':
      checkSignal(event.value.number);
      running.command.signal(event.value.number);
  }
}

function inputOf({ input }: Running): Input {
  if (input === undefined) throw new MuvmError('PROTOCOL', 'Cannot send input as the command was started without');
  if (input.hasEnded) throw new MuvmError('PROTOCOL', 'Cannot send input after its end');
  return input;
}

function resize({ stdio }: Running, size: { rows: number; columns: number }): void {
  checkTerminalSize(size);
  if (stdio.terminal === undefined) throw new MuvmError('PROTOCOL', 'Cannot set a size as the command has no terminal');
  setTerminalSize(stdio.terminal.master, size.rows, size.columns);
}

function exitOf(end: ProcessEnd): Exit {
  return { how: 'code' in end ? { $case: 'code', value: end.code } : { $case: 'signal', value: end.signal } };
}

function unreadable(error: unknown): MuvmError {
  return new MuvmError('PROTOCOL', 'Cannot read a message of the client', { cause: error });
}
