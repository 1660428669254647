import { isAbsolute, join } from 'node:path';

/**
 * Where the sound server of a session listens, by PULSE_SERVER or its place in XDG_RUNTIME_DIR. Undefined where that is
 * no Unix socket, such as one of another machine.
 *
 * Source: pulse-client.conf(5) and the server strings of PulseAudio: a list of `unix:PATH`, `{MACHINE}unix:PATH` or PATH.
 */
export function pulseSocket(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const server = env['PULSE_SERVER'];
  if (server) {
    const first = server.trim().split(/\s+/)[0] ?? '';
    const path = first.replace(/^\{[^}]*\}/, '').replace(/^unix:/, '');
    return isAbsolute(path) ? path : undefined;
  }
  const runtime = env['XDG_RUNTIME_DIR'];
  return runtime ? join(runtime, 'pulse', 'native') : undefined;
}
