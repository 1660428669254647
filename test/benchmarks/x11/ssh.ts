import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../../framework/has-program.ts';
import { startBackground } from './background.ts';
import type { RouteContext } from './routes.ts';
import type { ClientEnvironment } from './tasks.ts';

const SSHD = '/usr/sbin/sshd';
/** As root it wants this directory, which its service would have made. */
const SEPARATION = '/run/sshd';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Only this key lets in, only this user, only here. */
function writeFiles(directory: string, port: number, authority: string): void {
  for (const name of ['host', 'user']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, name)]);
  }
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(directory, 'host')}`,
    `PidFile ${join(directory, 'pid')}`,
    `AuthorizedKeysFile ${join(directory, 'user.pub')}`,
    `AllowUsers ${userInfo().username}`,
    'AuthenticationMethods publickey',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no',
    'X11Forwarding yes',
    `SetEnv XAUTHORITY=${authority}`,
  ];
  writeFileSync(join(directory, 'config'), `${lines.join('\n')}\n`);
}

/** A server of our own on the loopback, and a session that stays for its display until its input ends. */
export async function openSsh({ server, directory, keep }: RouteContext): Promise<ClientEnvironment | string> {
  const missing = ['ssh', 'ssh-keygen', 'xauth'].find((program) => !hasProgram(program));
  if (!existsSync(SSHD) || missing !== undefined) return `there is no ${missing ?? 'sshd'}`;
  if (process.getuid?.() === 0) mkdirSync(SEPARATION, { recursive: true, mode: 0o755 });
  const port = await freePort();
  const authority = join(directory, 'authority');
  writeFiles(directory, port, authority);
  const daemon = keep(startBackground([SSHD, '-D', '-e', '-f', join(directory, 'config')]));
  await daemon.untilOutput('Server listening');
  const options = [
    'StrictHostKeyChecking=no',
    `UserKnownHostsFile=${join(directory, 'known')}`,
    'ForwardX11Trusted=yes',
  ];
  const words = ['ssh', '-F', 'none', '-X', '-T', '-p', `${port}`, '-i', join(directory, 'user')];
  const session = keep(
    startBackground(
      [...words, ...options.flatMap((option) => ['-o', option]), '127.0.0.1', 'echo "display=$DISPLAY."; exec cat'],
      { env: server.env },
    ),
  );
  const said = await session.untilOutput('display=');
  const display = /display=(\S+)\./.exec(said)?.[1];
  return display === undefined ? `it forwards no display: ${said.trim()}` : { DISPLAY: display, XAUTHORITY: authority };
}
