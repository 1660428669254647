/**
 * The agent: makes a machine out of a kernel and a root directory, then runs commands for the host.
 *
 *     muvm-guest CONFIG           as the child of PID 1
 *     muvm-guest --serve SOCKET   runs commands only, on any machine
 */
import { BOOT, bootGuest } from '../src/boot/index.ts';
import { CONSOLE_FD, Console } from '../src/console/index.ts';
import { Children } from '../src/exec/index.ts';
import { serveSerialPorts, serveUnixSocket } from '../src/servers/index.ts';

const console = new Console();

async function runMachine(configPath: string): Promise<void> {
  console.mark('agent');
  const { config, bootSteps, bootFailure } = bootGuest(BOOT, configPath, console);
  const options = { user: config.user, bootSteps, bootFailure, children: new Children(), consoleFd: CONSOLE_FD };
  const served = serveSerialPorts(options);
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
