import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './clients.ts';

const ENDS_AFTER_MS = 15_000;
const INPUT_PAUSE_MS = 500;
const INPUT_TIMEOUT_MS = 5000;

/** The same on every machine. */
const ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/home/user',
  USER: 'user',
  LOGNAME: 'user',
  LANG: 'C.UTF-8',
  DISPLAY: ':1',
  XAUTHORITY: '/tmp/.X11-unix/authority',
  DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  NO_AT_BRIDGE: '1',
  QT_QPA_PLATFORM: 'xcb',
  SDL_VIDEODRIVER: 'x11',
  SDL_RENDER_DRIVER: 'software',
};

/**
 * Programs tell their server the name of their machine and their process number. So each gets names of its own: machine `host`,
 * small numbers, an empty home, no network, and display 1 in a directory of ours.
 */
const IN_ITS_OWN_HOUSE = [
  'hostname host',
  'mount --bind "$1" /tmp/.X11-unix',
  'mount -t tmpfs home /home',
  'mkdir /home/user /home/user/profile',
  'cd /home/user',
  'shift',
  'exec "$@"',
].join(' && ');

/** @param sockets the directory that has the socket X1 and the file `authority` */
export async function runClient(client: Client, sockets: string, server: NodeJS.ProcessEnv): Promise<void> {
  const root = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const house = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts', '--mount', '--net'];
  const child = spawn('unshare', [...root, ...house, 'sh', '-c', IN_ITS_OWN_HOUSE, 'sh', sockets, ...client.words], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), client.endsAfterMs ?? ENDS_AFTER_MS);
  for (const [program, ...args] of client.input ?? []) {
    await sleep(INPUT_PAUSE_MS);
    await once(
      spawn(program as string, args, {
        env: { ...process.env, ...server },
        stdio: 'ignore',
        timeout: INPUT_TIMEOUT_MS,
      }),
      'exit',
    );
  }
  await ended;
  clearTimeout(timer);
}
