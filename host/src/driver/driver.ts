import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import type { MuvmError } from '@muvm/errors';
import type { Link } from '@muvm/link';
import type { FileLog } from '@muvm/log';
import type { Identity } from '@muvm/protocol';
import type { PublishedPorts } from '../config/published-ports.ts';
import type { VmPlan } from '../config/vm-plan.ts';
import type { Emulation } from '../emulation/index.ts';
import type { ChosenX11 } from '../x11/index.ts';
import type { DriverFeatures } from './features.ts';

export type DriverName = 'libkrun' | 'qemu';

/** What a driver gets beside the plan. */
export interface DriverContext {
  /** The run directory of the VM, private to the user. */
  readonly directory: string;
  /** Where our bundles are. */
  readonly bundleDirectory: string;
  readonly log: FileLog;
  readonly emulation: Emulation;
  /** Takes the guest's console, byte for byte. */
  readonly onConsole: (chunk: Buffer) => void;
  /** The X server that the guest has. */
  readonly x11: Pick<ChosenX11, 'guest' | 'sockets'>;
  /** Takes what the user must be told though the machine starts: one line each, such as what this host lacks. */
  readonly onNotice: (sentence: string) => void;
}

/** The way to the guest's gRPC service. Streams of one call each, as node:http2 knows them. */
export interface GuestRpc {
  /** Resolves when the guest's server has answered for the first time. */
  readonly up: Promise<void>;
  /** Opens a call. Undefined while the guest cannot be reached. */
  request(identity: Identity, headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined;
  /** Gives a call up; one that has ended already is left alone. */
  cancel(call: ClientHttp2Stream): void;
}

/** A machine that was started. Disposal ends it, by force where it must, and releases all it held. */
export interface RunningVm extends AsyncDisposable {
  readonly acceleration: 'kvm' | 'tcg';
  readonly memoryMib: number;
  /** Numbers of the host CPUs that it runs on. */
  readonly cpus: readonly number[];
  readonly vmmPid: number;
  /** Of the processes beside it that still run, by name. */
  readonly helperPids: Readonly<Record<string, number>>;
  /** The process that keeps each file open which the guest knows: the VMM itself, or its file server. */
  readonly filesPid: number;
  /** Ports of the host that lead to the guest, each with its number. */
  readonly publishedPorts: readonly PublishedPorts[];
  readonly rpc: GuestRpc;
  /** Streams to and from the guest beside the calls. It is made on first use: nothing waits for it at boot. */
  link(): Link;
  /** Resolves when the machine has ended: with how, as a sentence, or with the error that it ended with. */
  readonly ended: Promise<string | MuvmError>;
}

export interface Driver {
  readonly name: DriverName;
  readonly features: DriverFeatures;
  /** @throws MuvmError where the machine cannot be started; nothing of it is left then */
  start(plan: VmPlan, context: DriverContext, signal: AbortSignal): Promise<RunningVm>;
}
