import type { MuvmError } from '@muvm/errors';
import { methodPath } from '@muvm/grpc';
import {
  type BootStep,
  type GuestConfig,
  GuestDefinition,
  type GuestStatus,
  type Identity,
} from '@muvm/protocol/contract';
import type { Call, Handlers } from '../rpc/index.ts';
import { accountOf } from './account.ts';
import type { Children } from './children.ts';
import type { Commands } from './commands.ts';
import { ExecSession } from './exec-session.ts';
import { encodeStatus, guestStatus } from './guest-status.ts';
import { followHostTime } from './host-time.ts';
import type { KernelValue } from './kernel-value.ts';
import { releaseFiles } from './release-files.ts';
import { setClock } from './set-clock.ts';
import { setMemoryPressure } from './set-memory-pressure.ts';
import { shutDown } from './shutdown.ts';
import { watchStatus } from './watch-status.ts';

export interface GuestServiceOptions {
  readonly config: Pick<GuestConfig, 'user' | 'environment'>;
  readonly children: Children;
  /** Shared by all servers of a machine. */
  readonly commands: Commands;
  /** Where detached commands write. */
  readonly consoleFd: number;
  readonly bootSteps: readonly BootStep[];
  /** Why no command can run: the answer to every Exec and WatchStatus. */
  readonly bootFailure?: MuvmError | undefined;
  /** Whose server a call came in on. @throws MuvmError where it does not tell */
  identityOf(call: Call): Identity;
  /** Sets the wall clock of the machine, in milliseconds since 1970. */
  setClock(unixMs: number): void;
  /** Writes a file of /proc/sys, named from there. */
  setKernelValue(name: KernelValue, value: string): void;
  /** Ends the machine; called after the answer to Shutdown. */
  powerOff(): void;
}

const path = (method: keyof (typeof GuestDefinition)['methods']) => methodPath(GuestDefinition, method);

/** The service muvm.v1.Guest. */
export function guestHandlers(options: GuestServiceOptions): Handlers {
  const { config, children, commands, consoleFd, bootFailure } = options;
  const currentStatus = (): GuestStatus => guestStatus(commands, options);
  const checkBoot = (): void => {
    if (bootFailure !== undefined) throw bootFailure;
  };
  return {
    [path('exec')](call) {
      checkBoot();
      followHostTime(call.headers, options.setClock);
      new ExecSession(call, accountOf(options.identityOf(call), config), { commands, children, consoleFd });
    },
    [path('status')]: (call) =>
      answerOnce(call, () => {
        call.send(encodeStatus(currentStatus()));
        call.finish();
      }),
    [path('watchStatus')]: (call) =>
      answerOnce(call, () => {
        checkBoot();
        watchStatus(call, commands, currentStatus);
      }),
    [path('setClock')]: (call) =>
      answerOnce(call, (bytes) => setClock(bytes, call, options.identityOf(call), options.setClock)),
    [path('setMemoryPressure')]: (call) =>
      answerOnce(call, (bytes) => setMemoryPressure(bytes, call, options.identityOf(call), options.setKernelValue)),
    [path('releaseFiles')]: (call) =>
      answerOnce(call, (bytes) => releaseFiles(bytes, call, options.identityOf(call), options.setKernelValue)),
    [path('shutdown')]: (call) => answerOnce(call, (bytes) => shutDown(bytes, call, commands, options.powerOff)),
  };
}

/** For methods that take one message. */
function answerOnce(call: Call, answer: (bytes: Buffer) => void | Promise<void>): void {
  let isAnswered = false;
  call.listen({
    message(bytes) {
      if (isAnswered) return;
      isAnswered = true;
      Promise.resolve(bytes)
        .then(answer)
        .catch((error) => call.fail(error));
    },
    end() {},
  });
}
