import { Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ExecReply, ExecRequest, Exit, GuestClient, Refused, Start } from '@muvm/protocol';

export interface CommandResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly pid: number | undefined;
  readonly exit: Exit['how'];
  readonly refused: Refused | undefined;
  readonly error: ServiceError | undefined;
}

type Call = ReturnType<GuestClient['exec']>;
type Event = NonNullable<ExecRequest['event']>;

export interface RunOptions extends Partial<Start> {
  /** Called for each reply. */
  readonly onReply?: (reply: NonNullable<ExecReply['event']>, send: (event: Event) => boolean, call: Call) => void;
}

/** One Exec call from its start to its end. */
export function runCommand(
  client: GuestClient,
  argv: string[],
  { onReply, ...start }: RunOptions = {},
): Promise<CommandResult> {
  const call = client.exec(new Metadata());
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const result: { -readonly [K in 'pid' | 'exit' | 'refused' | 'error']: CommandResult[K] } = {
    pid: undefined,
    exit: undefined,
    refused: undefined,
    error: undefined,
  };
  const send = (event: Event) => call.write({ event });
  send({ $case: 'start', value: { argv, env: {}, workdir: '/', stdin: false, detach: false, ...start } });
  call.on('data', ({ event }: ExecReply) => {
    if (event?.$case === 'stdout') stdout.push(event.value);
    if (event?.$case === 'stderr') stderr.push(event.value);
    if (event?.$case === 'started') result.pid = event.value.pid;
    if (event?.$case === 'exit') result.exit = event.value.how;
    if (event?.$case === 'refused') result.refused = event.value;
    if (event !== undefined) onReply?.(event, send, call);
  });
  call.on('error', (error: ServiceError) => {
    result.error = error;
  });
  return new Promise((resolve) => {
    call.on('status', () => {
      resolve({ ...result, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}
