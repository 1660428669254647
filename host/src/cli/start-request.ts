import type { Start } from '@muvm/protocol/contract';
import type { Settings } from '../config/index.ts';
import { commandEnvironment } from '../exec/environment.ts';
import { terminalSize } from './terminal.ts';

/** The first message of an Exec call, made from what was wished for. */
export function startRequest(settings: Settings, command: readonly string[], caller = process.env): Start {
  return {
    argv: [...command],
    env: commandEnvironment(caller, { terminal: settings.tty, wished: settings.env }),
    workdir: settings.workdir,
    terminal: settings.tty ? terminalSize() : undefined,
    stdin: settings.interactive,
    detach: settings.detach,
  };
}
