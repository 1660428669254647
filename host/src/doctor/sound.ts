import { isAbsolute, join } from 'node:path';
import { type Finding, note, ok, problem } from './check.ts';
import { type Connect, connectObstacle } from './connect-obstacle.ts';

/** The PulseAudio server, or PipeWire in its place: PULSE_SERVER of pulseaudio(1), else the socket of the session. */
export async function checkPulse(env: NodeJS.ProcessEnv, connect = connectObstacle): Promise<Finding> {
  const [server, runtime] = [env['PULSE_SERVER'], env['XDG_RUNTIME_DIR']];
  if (server) return checkPulseServer(server, connect);
  if (!runtime)
    return note('Neither PULSE_SERVER nor XDG_RUNTIME_DIR is set', 'Run muvm in a desktop session to have sound.');
  return checkSocket(join(runtime, 'pulse', 'native'), connect);
}

async function checkPulseServer(server: string, connect: Connect): Promise<Finding> {
  const named = `PULSE_SERVER is ${JSON.stringify(server)}`;
  // A list, each with the machine that it is meant for if there is one: "{ID}unix:/path tcp:host".
  const path = /(?:^|[\s}])(?:unix:)?(\/\S+)/.exec(server)?.[1];
  if (path === undefined) {
    const hint =
      'Set PULSE_SERVER to a socket of this machine, such as "unix:/run/user/1000/pulse/native", or unset it.';
    return note(`${named}, which names no Unix socket`, hint);
  }
  const obstacle = await connect(path);
  if (!obstacle) return ok(`${named}, and "${path}" accepts connections`);
  return problem(`${named}, but nobody answers at "${path}": ${obstacle.reason}`, 'Start that server, or unset it.');
}

/** PipeWire: the socket that its own clients look for, by PIPEWIRE_REMOTE and PIPEWIRE_RUNTIME_DIR of pipewire(1). */
export async function checkPipewire(env: NodeJS.ProcessEnv, connect = connectObstacle): Promise<Finding> {
  const remote = env['PIPEWIRE_REMOTE'] || 'pipewire-0';
  const runtime = env['PIPEWIRE_RUNTIME_DIR'] || env['XDG_RUNTIME_DIR'];
  if (isAbsolute(remote)) return checkSocket(remote, connect);
  if (!runtime) return note('XDG_RUNTIME_DIR is not set', 'Run muvm in a desktop session to have PipeWire.');
  return checkSocket(join(runtime, remote), connect);
}

/** A server that is not there is only a feature less; one that is there and does not answer is broken. */
async function checkSocket(path: string, connect: Connect): Promise<Finding> {
  const obstacle = await connect(path);
  if (!obstacle) return ok(`"${path}" accepts connections`);
  if (obstacle.code === 'ENOENT') return note(`There is no "${path}"`, 'Start the sound server of your session.');
  return problem(
    `Nobody answers at "${path}": ${obstacle.reason}`,
    'Start the sound server of your session again, or set XDG_RUNTIME_DIR to your own directory.',
  );
}
