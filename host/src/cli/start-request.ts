import type { Start } from '@muvm/protocol/contract';
import type { Settings } from '../config/index.ts';
import { checkSize, commandEnvironment, firefoxProfile } from '../environment/index.ts';
import { currentUser } from '../user/index.ts';
import { terminalSize } from './terminal.ts';

/** The first message of an Exec call, made from what was wished for. @throws MuvmError USAGE where it is too much for one */
export function startRequest(settings: Settings, command: readonly string[], caller = process.env): Start {
  const env = commandEnvironment(caller, {
    terminal: settings.tty,
    inherit: settings.envInherit,
    sharedSockets: settings.sockets.map(({ guestPath }) => guestPath),
    firefoxProfile: profileOfCaller(settings, caller),
    wished: settings.env,
  });
  checkSize({ argv: command, env });
  return {
    argv: [...command],
    env,
    workdir: settings.workdir,
    terminal: settings.tty ? terminalSize() : undefined,
    stdin: settings.interactive,
    detach: settings.detach,
  };
}

/** Root of the guest has a home of its own. */
function profileOfCaller({ privileged, identity }: Settings, caller: NodeJS.ProcessEnv): string | undefined {
  const { home, uid } = currentUser(caller);
  return privileged || identity === 'root' ? undefined : firefoxProfile(home, uid);
}
