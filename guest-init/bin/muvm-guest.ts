/**
 * The agent: makes a machine out of a kernel and a root directory, then runs commands for the host.
 *
 *     muvm-guest CONFIG           as the child of PID 1
 *     muvm-guest --serve SOCKET   runs commands only, on any machine
 */
import { BOOT, bootGuest } from '../src/boot/index.ts';
import { CONSOLE_FD, Console } from '../src/console/index.ts';
import { Children, Commands } from '../src/exec/index.ts';
import { serveSerialPorts, serveUnixSocket, serveVsockPorts } from '../src/servers/index.ts';

const console = new Console();

async function runMachine(configPath: string): Promise<void> {
  console.mark('agent');
  const { config, bootSteps, bootFailure } = bootGuest(BOOT, configPath, console);
  const shared = { children: new Children(), commands: new Commands(), consoleFd: CONSOLE_FD };
  const serve = config.transport === 'vsock' ? serveVsockPorts : serveSerialPorts;
  const served = serve({ config, bootSteps, bootFailure, ...shared });
  console.mark('ready');
  await served;
}

/** Node's own report would print the line of the bundle that failed: all of the bundle. */
function fail(error: unknown): never {
  console.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

process.once('uncaughtException', fail);
const [first = '', second = ''] = process.argv.slice(2);
const served = first === '--serve' ? serveUnixSocket(second, CONSOLE_FD) : runMachine(first);
served.then(() => process.exit(0), fail);
