import { isAbsolute, resolve } from 'node:path';
import { SOCKET_PATH_BYTES_MAX } from '@muvm/linux';
import { EXEC_PORTS, type Identity, LIMITS } from '@muvm/protocol/contract';
import { formatCpuRanges, parseCpuRanges } from './cpu-list.ts';
import type { Host } from './host.ts';
import type { Reading } from './setting.ts';
import { GUEST_CPUS_MAX, type SharedSocket } from './vm-plan.ts';

/** Less does not hold the kernel, the agent and a command. */
const MEMORY_MIB_MIN = 128;
/** 16 TiB, more than any host has. */
const MEMORY_MIB_MAX = 16 * 1024 * 1024;
/** A timer of Node holds no more than 2^31 ms. */
const LINGER_S_MAX = 2_000_000;

/** Directories that the guest has for itself, so that the host cannot tell what is in them. */
const GUEST_OWN = ['/run', '/var/run', '/proc', '/sys', '/dev', '/tmp/.X11-unix'];

/** A variable for the command. Without a value it is taken from the environment of the caller. */
export interface Variable {
  readonly key: string;
  readonly value: string | undefined;
}

export function readMemoryMib(text: string): Reading<number> {
  const memoryMib = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (memoryMib >= MEMORY_MIB_MIN && memoryMib <= MEMORY_MIB_MAX) return { value: memoryMib };
  return { wanted: `it must be a whole number of MiB, at least ${MEMORY_MIB_MIN} and at most ${MEMORY_MIB_MAX}` };
}

export function readLingerMs(text: string): Reading<number> {
  const seconds = /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LINGER_S_MAX) return { value: Math.round(seconds * 1000) };
  return { wanted: `it must be a number of seconds from 0 to ${LINGER_S_MAX}` };
}

export function readCpus(text: string, host: Host): Reading<readonly number[]> {
  const cpus = parseCpuRanges(text);
  if (!cpus) return { wanted: 'it must be a list of CPU numbers such as "0-3,6"' };
  if (cpus.length > GUEST_CPUS_MAX) {
    return { wanted: `it must name at most ${GUEST_CPUS_MAX} CPUs, which is all that the guest's kernel takes` };
  }
  const usable = host.cpus();
  if (cpus.every((cpu) => usable.includes(cpu))) return { value: cpus };
  return { wanted: `it must name CPUs of this host, which are ${formatCpuRanges(usable)}` };
}

export function readName(text: string): Reading<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)) return { value: text };
  return { wanted: 'it must be 1 to 64 letters, digits, "_", "." or "-", and start with a letter or digit' };
}

export function readVariable(text: string): Reading<Variable> {
  const [, key, value] = /^([^=\0]+)(?:=([^\0]*))?$/.exec(text) ?? [];
  if (key === undefined) return { wanted: 'it must be KEY=VALUE, or KEY to pass on a variable of the environment' };
  if (Buffer.byteLength(text) > LIMITS.argumentBytes)
    return { wanted: `it must be at most ${LIMITS.argumentBytes} bytes` };
  return { value: { key, value } };
}

export function writeVariable({ key, value }: Variable): string {
  return value === undefined ? key : `${key}=${value}`;
}

export function readWorkdir(text: string, host: Host): Reading<string> {
  const path = absolute(text, host);
  const isGuestOwn = GUEST_OWN.some((own) => path === own || path.startsWith(`${own}/`));
  if (Buffer.byteLength(path) <= LIMITS.pathBytes && (isGuestOwn || host.isDirectory(path))) return { value: path };
  return { wanted: 'it must be a directory that exists' };
}

/** Asks where we are only where that counts: the current directory may be gone. */
function absolute(path: string, host: Host): string {
  return isAbsolute(path) ? resolve(path) : resolve(host.workdir(), path);
}

const SOCKET_WANTED = 'a path of at most 107 bytes without ":", line break or blank at its end';
const PATH_WANTED = 'a path of at most 107 bytes without line break or blank at its end';

/** `HOST[:GUEST]`: without the second, the guest has it at the same path. */
export function readSocket(text: string, host: Host): Reading<SharedSocket> {
  const [hostPart = '', guestPart, ...rest] = text.split(':');
  const hostPath = absolute(hostPart, host);
  const guestPath = guestPart ?? hostPath;
  if (rest.length > 0 || !isSocketPath(hostPath) || !isSocketPath(guestPath)) {
    return { wanted: `it must be HOST or HOST:GUEST, each ${SOCKET_WANTED}` };
  }
  if (!host.isSocket(hostPath)) return { wanted: `it must begin with a socket of this host that exists` };
  return { value: { hostPath, guestPath, isOptional: false } };
}

/** `GUEST:HOST`. The one on the host is made. */
export function readPublishedSocket(text: string, host: Host): Reading<SharedSocket> {
  const [guestPath = '', hostPart = '', ...rest] = text.split(':');
  const hostPath = absolute(hostPart, host);
  if (rest.length > 0 || hostPart === '' || !isSocketPath(hostPath) || !isSocketPath(guestPath)) {
    return { wanted: `it must be GUEST:HOST, each ${SOCKET_WANTED}` };
  }
  return { value: { hostPath, guestPath, isOptional: false } };
}

/** A Unix socket of the host. Whether it is there is for whoever connects to say. */
export function readSocketPath(text: string, host: Host): Reading<string> {
  const path = resolve(host.workdir(), text);
  return isSocketPath(path) ? { value: path } : { wanted: `it must be ${PATH_WANTED}` };
}

function isSocketPath(path: string): boolean {
  return isAbsolute(path) && Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX && !/[\0\n]|\s$/.test(path);
}

/** A file of the host. Whether it is there and can be used is for whoever opens it to say. */
export function readFile(text: string, host: Host): Reading<string> {
  if (text === '' || text.includes('\0')) return { wanted: 'it must be the path of a file' };
  return { value: absolute(text, host) };
}

export function readIdentity(text: string): Reading<Identity> {
  for (const [identity, port] of Object.entries(EXEC_PORTS)) {
    if (text === `${port}`) return { value: identity as Identity };
  }
  return {
    wanted: `it must be ${EXEC_PORTS.user} (run as the user) or ${EXEC_PORTS.root} (run as root); --publish is for others`,
  };
}

/** A reader that takes one of the words and nothing else. */
export function oneOf<T extends string>(words: readonly T[]): (text: string) => Reading<T> {
  const quoted = words.map((word) => `"${word}"`);
  return (text) => {
    const found = words.find((word) => word === text);
    return found ? { value: found } : { wanted: `it must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` };
  };
}
