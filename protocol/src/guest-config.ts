import {
  ARCHITECTURES,
  FEX_DIRECTORIES_MAX,
  type ForeignRoot,
  type GuestEmulation,
  IMAGES_MAX,
  INTERPRETERS_MAX,
  type Interpreter,
} from './emulation.ts';
import { LIMITS } from './limits.ts';
import { type GuestSocket, SOCKETS_MAX } from './sockets.ts';

/** How the guest is reached: three virtio-serial ports (qemu) or vsock (libkrun). */
export type RpcTransport = 'virtio-serial' | 'vsock';

/**
 * What the agent is started with: a JSON file that it reads once and removes.
 * All paths are absolute and hold in host and guest alike.
 */
export interface GuestConfig {
  readonly transport: RpcTransport;
  readonly hostname: string;
  readonly user: {
    readonly uid: number;
    readonly gid: number;
    /** Supplementary groups. */
    readonly groups: readonly number[];
    readonly name: string;
    readonly home: string;
    readonly shell: string;
  };
  /** The largest vsock packet that the VMM takes. Null: as large as the kernel makes them. */
  readonly vsockPacketBytes: number | null;
  /** Variables that every command gets, below those of its caller. */
  readonly environment: Readonly<Record<string, string>>;
  /** The virtiofs tag of the host's /dev/shm, mounted with DAX. Null: the guest's /dev/shm is its own. */
  readonly sharedMemoryTag: string | null;
  /** Sockets of the host that the guest has: it listens on each, and connects to the port for each connection. */
  readonly forwardedSockets: readonly GuestSocket[];
  /** Sockets of the guest that the host has: it listens on each port, and connects to the socket. */
  readonly publishedSockets: readonly GuestSocket[];
  /** The X server of the host in the guest. */
  readonly x11: GuestX11;
  /** Programs that run at boot, by their paths, in their order: those of root before there is a user, those of the user after. */
  readonly hooks: { readonly root: readonly string[]; readonly user: readonly string[] };
  readonly emulation: GuestEmulation;
  /** Null: there are no images. */
  readonly foreignRoot: ForeignRoot | null;
  /** The udevd to run. Null: the host has none. */
  readonly udevPath: string | null;
  /** Wanted RLIMIT_NOFILE, soft and hard. */
  readonly openFilesMax: number;
  /** Log more of what the agent does to the console. */
  readonly verbose: boolean;
}

/** How programs of the guest come to an X server. */
export type GuestX11 =
  | {
      /** How clients reach the server: as streams of the link, through the GPU, or that where there is one that can. */
      readonly kind: 'socket' | 'cross-domain' | 'auto';
      /** An authority file for the guest's display, and its bytes in base64. Null: programs need none. */
      readonly authority: { readonly path: string; readonly content: string } | null;
    }
  | {
      readonly kind: 'none';
      /** Why there is none. */
      readonly reason: string;
    };

/** Of each kind, at most so many. */
export const HOOKS_MAX = 64;

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value.length > 0 && !value.includes('\0');
const isPath: Check = (value) => isText(value) && (value as string).startsWith('/');
const isId: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32 - 1;
const isIds: Check = (value) => Array.isArray(value) && value.length <= 65_536 && value.every(isId);
const isBoolean: Check = (value) => typeof value === 'boolean';
const isTag: Check = (value) => value === null || isText(value);
const isEnvironment: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(
    ([key, each]) => /^[^=\0]+$/.test(key) && typeof each === 'string' && !each.includes('\0'),
  );
const isPacketSize: Check = (value) => value === null || (isId(value) && (value as number) > 0);
const isSocket: Check = (value) => {
  const { port, path, isOptional } = (value ?? {}) as Partial<GuestSocket>;
  return isId(port) && isPath(path) && isBoolean(isOptional);
};
const isSockets: Check = (value) => Array.isArray(value) && value.length <= SOCKETS_MAX && value.every(isSocket);
const isListOf =
  (isItem: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(isItem);
const isPaths = isListOf(isPath, HOOKS_MAX);
const isHooks: Check = (value) => {
  const { root, user } = (value ?? {}) as Partial<GuestConfig['hooks']>;
  return isPaths(root) && isPaths(user);
};
const isX11: Check = (value) => {
  const { kind, authority, reason } = (value ?? {}) as Record<string, unknown>;
  return (kind === 'none' && isText(reason)) || (isX11Way(kind) && (authority === null || isAuthority(authority)));
};
const isX11Way: Check = (value) => value === 'socket' || value === 'cross-domain' || value === 'auto';
const isAuthority: Check = (value) => {
  const { path, content } = (value ?? {}) as Record<string, unknown>;
  return isPath(path) && isText(content);
};
const isInterpreter: Check = (value) => {
  const { name, architecture, path, flags } = (value ?? {}) as Partial<Interpreter>;
  const isRule = /^[A-Za-z0-9_-]{1,64}$/.test(`${name}`) && /^[POCF]{0,4}$/.test(`${flags}`);
  return isRule && isPath(path) && ARCHITECTURES.some((each) => each === architecture);
};
const isEmulation: Check = (value) => {
  const { interpreters, isOptional } = (value ?? {}) as Partial<GuestEmulation>;
  return isListOf(isInterpreter, INTERPRETERS_MAX)(interpreters) && isBoolean(isOptional);
};
const isForeignRoot: Check = (value) => {
  if (value === null) return true;
  const { images, isMerged, isOptional, fexDirectories } = (value ?? {}) as Partial<ForeignRoot>;
  const arePaths = isListOf(isPath, IMAGES_MAX)(images) && isListOf(isPath, FEX_DIRECTORIES_MAX)(fexDirectories);
  return arePaths && isBoolean(isMerged) && isBoolean(isOptional);
};
const isTransport: Check = (value) => value === 'virtio-serial' || value === 'vsock';

const FIELDS: Readonly<Record<keyof Omit<GuestConfig, 'user'>, Check>> = {
  transport: isTransport,
  hostname: isText,
  vsockPacketBytes: isPacketSize,
  environment: isEnvironment,
  sharedMemoryTag: isTag,
  forwardedSockets: isSockets,
  publishedSockets: isSockets,
  x11: isX11,
  hooks: isHooks,
  emulation: isEmulation,
  foreignRoot: isForeignRoot,
  udevPath: (value) => value === null || isPath(value),
  openFilesMax: isId,
  verbose: isBoolean,
};

const USER_FIELDS: Readonly<Record<keyof GuestConfig['user'], Check>> = {
  uid: isId,
  gid: isId,
  groups: isIds,
  name: isText,
  home: isPath,
  shell: isPath,
};

/**
 * Reads the configuration strictly: every field present and of its type, none unknown.
 *
 * @throws RangeError where the text exceeds {@link LIMITS.guestConfigBytes}
 * @throws SyntaxError where it is not JSON
 * @throws TypeError that names the first field at fault
 */
export function parseGuestConfig(text: string): GuestConfig {
  if (Buffer.byteLength(text) > LIMITS.guestConfigBytes) {
    throw new RangeError(
      `Cannot read a guest configuration of ${Buffer.byteLength(text)} bytes as it must be at most ${LIMITS.guestConfigBytes}`,
    );
  }
  const config: unknown = JSON.parse(text);
  checkFields(config, { ...FIELDS, user: (value) => typeof value === 'object' && value !== null }, '');
  checkFields((config as { user: unknown }).user, USER_FIELDS, 'user.');
  return config as GuestConfig;
}

function checkFields(value: unknown, fields: Readonly<Record<string, Check>>, prefix: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('Cannot use the guest configuration as it must be an object');
  }
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(fields, key)) throw new TypeError(`Cannot use the unknown guest setting "${prefix}${key}"`);
  }
  for (const [key, check] of Object.entries(fields)) {
    const field: unknown = (value as Record<string, unknown>)[key];
    if (!check(field)) {
      throw new TypeError(`Cannot use ${JSON.stringify(field)} as the guest setting "${prefix}${key}"`);
    }
  }
}
