import type { PublishedPorts } from './published-ports.ts';

/** The ways a VM can be run. `auto` leaves the choice to the host's abilities. */
export const VMM_CHOICES = ['auto', 'libkrun', 'qemu'] as const;

export type VmmChoice = (typeof VMM_CHOICES)[number];

/**
 * What the guest's GPU is: the host's own driver in the guest, Vulkan alone, or none but the way for windows and buffers.
 */
export const GPU_MODES = ['drm', 'venus', 'software'] as const;

export type GpuMode = (typeof GPU_MODES)[number];

/** `off`: the guest has no virtual GPU at all. */
export const GPU_WISHES = [...GPU_MODES, 'off'] as const;

export type GpuWish = (typeof GPU_WISHES)[number];

/** How programs of the guest come to the host's X server. */
export const X11_MODES = ['auto', 'cross-domain', 'socket', 'off'] as const;

export type X11Mode = (typeof X11_MODES)[number];

/** What runs programs of other processors. */
export const EMULATORS = ['fex', 'box', 'qemu', 'none'] as const;

export type EmulatorChoice = (typeof EMULATORS)[number];

/** NR_CPUS of the guest's kernel, in libkrunfw's configuration. */
export const GUEST_CPUS_MAX = 16;

/** A Unix socket of one side that the other side has too. */
export interface SharedSocket {
  readonly hostPath: string;
  readonly guestPath: string;
  /** The machine starts without it, where the guest cannot have it. */
  readonly isOptional: boolean;
}

/** What is wished for of the guest's network. */
export interface NetworkPlan {
  readonly publishedPorts: readonly PublishedPorts[];
  /** Of a passt that runs already. Undefined: the machine has one of its own. */
  readonly passtSocket: string | undefined;
  /** More words for the machine's own passt. */
  readonly passtArgs: readonly string[];
}

/** What a supervisor is started with. Once its VM runs, the plans of later callers change nothing about it. */
export interface VmPlan {
  readonly name: string;
  readonly vmm: VmmChoice;
  /** The libkrun to use. Undefined: the one that is found. */
  readonly libkrunPath: string | undefined;
  /** Undefined: the host's driver in the guest (`drm`), where host and VMM can. */
  readonly gpuMode: GpuWish | undefined;
  /** What the guest's GPU driver takes for its memory at most. Undefined: half of the host's. */
  readonly vramMib: number | undefined;
  /** Undefined: the driver's default. */
  readonly memoryMib: number | undefined;
  /** Numbers of host CPUs, ascending, at least one. The guest gets one CPU for each. Undefined: the driver's choice. */
  readonly cpus: readonly number[] | undefined;
  /** What it chooses from. */
  readonly fastCpus: readonly number[];
  /** Sockets of the host that the guest has, and of the guest that the host has. */
  readonly forwardedSockets: readonly SharedSocket[];
  readonly publishedSockets: readonly SharedSocket[];
  readonly x11: X11Mode;
  readonly network: NetworkPlan;
  /** Programs that the guest runs while it boots. */
  readonly hooks: { readonly root: readonly string[]; readonly user: readonly string[] };
  /** Undefined: on aarch64 the one that is installed, else none. */
  readonly emulator: EmulatorChoice | undefined;
  /** Images with the libraries of another processor, each over those before it. Empty: those that are installed for FEX. */
  readonly fexImages: readonly string[];
  /** Whether the guest's own tree lies below them. */
  readonly mergedRootfs: boolean;
  /** How long the VM lives after its last command. */
  readonly lingerMs: number;
  readonly verbose: boolean;
}
