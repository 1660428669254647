import { isAbsolute, join } from 'node:path';
import { displayNumber, vmmEnvironment } from '../driver/libkrun/vmm-environment.ts';
import { type Finding, note, ok, problem } from './check.ts';
import { type Connect, connectObstacle } from './connect-obstacle.ts';

const SOCKETS = '/tmp/.X11-unix';
const LOCAL_DISPLAY = 'Set DISPLAY to an X server of this machine, such as ":0".';

/** The X server that DISPLAY names, in the forms of X(7) and those that xcb takes beside them. */
export async function checkX11(env: NodeJS.ProcessEnv, connect = connectObstacle): Promise<Finding> {
  const display = env['DISPLAY'];
  if (!display) return note('DISPLAY is not set', 'Run muvm in a graphical session if programs are to have windows.');
  const named = `DISPLAY is ${JSON.stringify(display)}`;
  const number = displayNumber(display);
  if (number) return checkNumbered(named, `${SOCKETS}/X${number.slice(1)}`, connect);
  const path = /^(?:unix:)?(\/.*)$/.exec(display)?.[1];
  if (path) return checkNamedSocket(named, path, connect);
  if (!/^.+:\d+(?:\.\d+)?$/.test(display)) return problem(`${named}, which names no X server`, LOCAL_DISPLAY);
  const hint = 'Run muvm on the machine that has the display, or set DISPLAY to an X server of this one, such as ":0".';
  return note(`${named}, an X server over TCP, as ssh -X makes them: it cannot share buffers with a guest`, hint);
}

/** X servers listen on a path, and most of them in the abstract namespace under the same name. */
async function checkNumbered(named: string, path: string, connect: Connect): Promise<Finding> {
  const obstacle = await connect(path);
  if (!obstacle) return ok(`${named}, and "${path}" accepts connections`);
  if (!(await connect(`\0${path}`))) return ok(`${named}, and the abstract socket "@${path}" accepts connections`);
  const text = `${named}, but nobody answers at "${path}" (${obstacle.reason}), nor at the abstract socket of that name`;
  return problem(text, `Start that X server. ${LOCAL_DISPLAY}`);
}

async function checkNamedSocket(named: string, path: string, connect: Connect): Promise<Finding> {
  // The number of a screen may follow.
  const obstacles = await Promise.all([path, path.replace(/\.\d+$/, '')].map(connect));
  const [obstacle] = obstacles;
  if (obstacle && !obstacles.includes(undefined)) {
    return problem(`${named}, but nobody answers there: ${obstacle.reason}`, LOCAL_DISPLAY);
  }
  return note(`${named}, which accepts connections, but libkrun only understands the form ":N"`, LOCAL_DISPLAY);
}

/** The Wayland compositor that WAYLAND_DISPLAY names. */
export async function checkWayland(env: NodeJS.ProcessEnv, connect = connectObstacle): Promise<Finding> {
  const [display, runtime] = [env['WAYLAND_DISPLAY'], env['XDG_RUNTIME_DIR']];
  if (!display)
    return note('WAYLAND_DISPLAY is not set', 'Run muvm in a Wayland session if programs are to use Wayland.');
  const named = `WAYLAND_DISPLAY is ${JSON.stringify(display)}`;
  if (!isAbsolute(display) && !runtime) {
    return problem(`${named}, but XDG_RUNTIME_DIR is not set`, 'Set XDG_RUNTIME_DIR to the directory of that socket.');
  }
  const path = isAbsolute(display) ? display : join(runtime ?? '', display);
  const obstacle = await connect(path);
  if (obstacle) {
    const hint = 'Run muvm in a Wayland session, or unset WAYLAND_DISPLAY.';
    return problem(`${named}, but nobody answers at "${path}": ${obstacle.reason}`, hint);
  }
  if (vmmEnvironment(env)['WAYLAND_DISPLAY']) return ok(`${named}, and "${path}" accepts connections`);
  return note(
    `${named}, which accepts connections, but libkrun only finds sockets in XDG_RUNTIME_DIR`,
    'Set WAYLAND_DISPLAY to the name of a socket in XDG_RUNTIME_DIR.',
  );
}
