import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programsMissing } from './requirements.ts';
import type { Sandbox } from './sandbox.ts';
import type { SkipReason } from './skip.ts';
import { until } from './until.ts';

/** What is in the network of the house; nothing of it is the machine's. From the blocks for documentation, and RFC 4193. */
export const HOUSE = {
  /** Its own, which passt gives the guest too. */
  address: '198.51.100.2',
  gateway: '198.51.100.1',
  gatewayV6: 'fd00:5::1',
  /** Servers that are neither the guest nor its gateway listen here. */
  elsewhere: '203.0.113.7',
  elsewhereV6: 'fd00:7::7',
  resolver: '127.0.0.53',
  domain: 'house.test',
} as const;

const SETUP = `
set -e
ip link set lo up
ip link add house0 type veth peer name house1
ip link set house1 up
ip link set house0 up
ip address add ${HOUSE.address}/24 dev house0
ip address add ${HOUSE.elsewhere}/32 dev lo
ip route add default via ${HOUSE.gateway}
ip -6 address add fd00:5::2/64 dev house0 nodad
ip -6 address add ${HOUSE.elsewhereV6}/128 dev lo nodad
ip -6 route add default via ${HOUSE.gatewayV6} dev house0
mount --bind "$1" /etc/resolv.conf
echo ready
exec cat`;

const READY_TIMEOUT_MS = 15_000;

/** A network and a resolv.conf of its own for what runs in it. */
export interface NetworkHouse extends Disposable {
  /** Before the words of a command, these make it run in the house. */
  readonly enter: readonly string[];
  /** The same, as one who may listen on every port there. */
  readonly enterAsRoot: readonly string[];
}

const isRoot = process.getuid?.() === 0;

export function houseSkipReason(): SkipReason {
  return programsMissing('ip', 'unshare', 'nsenter', 'passt');
}

/**
 * Opens the house, as root or in a user namespace where its owner may do all that. OWNERSHIP: disposal ends it, once what
 * runs in it has ended.
 */
export async function openNetworkHouse(sandbox: Sandbox): Promise<NetworkHouse> {
  const resolvConf = join(sandbox.files, 'resolv.conf');
  writeFileSync(resolvConf, `nameserver ${HOUSE.resolver}\nsearch ${HOUSE.domain}\n`);
  const namespaces = [...(isRoot ? [] : ['--user', '--map-root-user']), '--net', '--mount'];
  const keeper = spawn('unshare', [...namespaces, 'sh', '-c', SETUP, 'sh', resolvConf], { env: sandbox.env });
  await untilReady(keeper);
  const enterAsRoot = enterWords(keeper.pid as number);
  return {
    enter: isRoot ? enterAsRoot : [...enterAsRoot, ...AS_USER],
    enterAsRoot,
    [Symbol.dispose]: () => void keeper.stdin?.end(),
  };
}

// In a namespace below that of the house, where its root is the user again that it is outside.
const AS_USER = ['unshare', '--user', `--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`];

function enterWords(pid: number): string[] {
  const user = isRoot ? [] : ['--user', '--preserve-credentials'];
  return ['nsenter', '--target', `${pid}`, ...user, '--net', '--mount'];
}

async function untilReady(keeper: ChildProcess): Promise<void> {
  let said = '';
  keeper.stdin?.on('error', () => {});
  for (const stream of [keeper.stdout, keeper.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk));
  const isSettled = await until(() => said.includes('ready\n') || keeper.exitCode !== null, READY_TIMEOUT_MS);
  if (!isSettled || keeper.exitCode !== null) {
    keeper.kill('SIGKILL');
    throw new Error(`The network of the house could not be made: ${said}`);
  }
}
