import { closeSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import type { Scope } from '@muvm/lifetime';
import { findProgram } from '@muvm/process';
import type { PublishedPorts } from '../config/published-ports.ts';
import type { NetworkPlan } from '../config/vm-plan.ts';
import { describeChosen, findHostPorts } from './host-ports.ts';
import { joinPasst } from './join-passt.ts';
import { type PasstWatch, PasstWords, watchPasst } from './passt-end.ts';
import { startPasst } from './start-passt.ts';

/** The other end of a network card. */
export interface NetworkPeer {
  /** The socket that the VMM's card is to be connected to: frames, each behind its length (32 bits, big-endian). */
  readonly fd: number;
  /** Closes our copy of it, once the VMM has its own. */
  close(): void;
  /** Of the helpers that still run, by name. */
  pids(): Readonly<Record<string, number>>;
  /** Says when it is lost. @returns resolves with what is to end the machine, if anything of it is */
  watch(watch: Omit<PasstWatch, 'isWished'>): Promise<MuvmError>;
}

export interface Network {
  /** Undefined where there is no passt. */
  readonly peer: NetworkPeer | undefined;
  /** With the number of each port of the host. Where there is no peer, it is for the VMM to listen there. */
  readonly publishedPorts: readonly PublishedPorts[];
}

export interface NetworkContext {
  readonly log: { info(line: string): void };
  readonly onNotice: (sentence: string) => void;
  /** Whether the VMM can listen for the guest where there is no passt. */
  readonly vmmCanPublish: boolean;
}

/**
 * Starts what carries the frames of a network card, or connects to it. It ends with the scope.
 *
 * @throws MuvmError MISSING_PART, START_FAILED
 */
export async function openNetwork(plan: NetworkPlan, context: NetworkContext, scope: Scope): Promise<Network> {
  if (plan.passtSocket !== undefined) return { peer: join(plan.passtSocket, scope), publishedPorts: [] };
  const program = findProgram(['passt']);
  if (!program && plan.passtArgs.length > 0) throw passtMissing('use --passt-args');
  if (!program && plan.publishedPorts.length > 0 && !context.vmmCanPublish) throw passtMissing('publish ports');
  const publishedPorts = await findHostPorts(plan.publishedPorts);
  const peer = program ? await start(program, { ...plan, publishedPorts }, context, scope) : undefined;
  plan.publishedPorts.forEach(({ hostPort }, index) => {
    const ports = publishedPorts[index];
    if (hostPort === 0 && ports) context.onNotice(describeChosen(ports));
  });
  return { peer, publishedPorts };
}

/** The refusal of what nothing but passt can do. */
export function passtMissing(action: string): MuvmError {
  return new MuvmError('MISSING_PART', `Cannot ${action} as there is no "passt" in PATH`, {
    hint: 'Install it: "apt install passt", "dnf install passt" or "pacman -S passt".',
  });
}

function join(path: string, scope: Scope): NetworkPeer {
  const passt = scope.use(joinPasst(path));
  const { close } = closeOnce(passt.fd, scope);
  return { fd: passt.fd, close, pids: () => ({}), watch: (watch) => passt.watch(watch) };
}

async function start(program: string, plan: NetworkPlan, { log }: NetworkContext, scope: Scope): Promise<NetworkPeer> {
  const words = new PasstWords();
  const onErrorLine = (line: string) => {
    words.add(line);
    log.info(`passt: ${line}`);
  };
  const { fd, helper } = await startPasst({ ...plan, program, onErrorLine });
  scope.use(helper);
  const { close } = closeOnce(fd, scope);
  const isWished = plan.publishedPorts.length + plan.passtArgs.length > 0;
  return {
    fd,
    close,
    pids: () => (helper.hasExited() ? {} : { passt: helper.pid }),
    watch: (watch) => watchPasst(helper, words, { ...watch, isWished }),
  };
}

function closeOnce(fd: number, scope: Scope): { close(): void } {
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  scope.defer(close);
  return { close };
}
