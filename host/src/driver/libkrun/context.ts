import { MuvmError } from '@muvm/errors';
import type { GpuMode } from '../../config/vm-plan.ts';
import {
  checkDiskCount,
  checkGuestEnvironment,
  checkMac,
  checkMachine,
  checkVsockPort,
  checkWindow,
  type VsockPort,
} from './context-checks.ts';
import { GPU_MODE_FLAGS } from './gpu-flags.ts';
import type { Libkrun } from './library.ts';
import { startFailure } from './start-failure.ts';
import { startLog } from './start-log.ts';

// KRUN_DISK_FORMAT_RAW and KRUN_FS_ROOT_TAG of libkrun.h.
const DISK_FORMAT_RAW = 0;
const ROOT_TAG = '/dev/root';

// COMPAT_NET_FEATURES of libkrun.h, which krun_set_passt_fd sets by itself: CSUM, GUEST_CSUM, GUEST_TSO4, GUEST_UFO,
// HOST_TSO4, HOST_UFO by their bits in linux/virtio_net.h.
const NET_FEATURES = [0, 1, 7, 10, 11, 14].reduce((features, bit) => features | (1 << bit), 0);

/**
 * The configuration of one machine, and its start. Of each thing that libkrun offers in several ways, by release, this
 * takes the newest that is there.
 *
 * OWNERSHIP: libkrun copies all that it is given before a call returns, so nothing has to be kept; descriptors alone
 * stay the caller's, open until the process ends. Disposal drops a context that was not started.
 */
export class KrunContext implements Disposable {
  readonly #library: Libkrun;
  readonly #id: number;
  #hasVsock = false;
  #diskCount = 0;
  #isGone = false;

  /**
   * Starts libkrun's log on stderr (warnings; `RUST_LOG` of the environment is stronger) where it is not started, and
   * makes the context. libkrunfw is looked for here: preload it first.
   */
  constructor(library: Libkrun) {
    this.#library = library;
    startLog(library);
    this.#id = library.call('krun_create_ctx');
  }

  /** At most 16 CPUs, as the guest's kernel has no more. @throws MuvmError USAGE */
  setMachine({ cpuCount, memoryMib }: { readonly cpuCount: number; readonly memoryMib: number }): void {
    checkMachine(cpuCount, memoryMib);
    this.#library.call('krun_set_vm_config', this.#id, cpuCount, memoryMib);
  }

  /** The guest's root file system, writable. Before 1.18 its DAX window is 512 MiB, whatever is asked for. */
  shareRoot(path: string, daxWindowBytes: number): void {
    checkWindow(daxWindowBytes);
    if (this.#library.has('krun_add_virtiofs3')) this.#addVirtiofs3(ROOT_TAG, path, daxWindowBytes);
    else this.#library.call('krun_set_root', this.#id, path);
  }

  /** A writable directory with a tag to mount it by. 0: no DAX window. */
  shareDirectory({ tag, path, daxWindowBytes }: SharedDirectory): void {
    checkWindow(daxWindowBytes);
    const library = this.#library;
    if (library.has('krun_add_virtiofs3')) this.#addVirtiofs3(tag, path, daxWindowBytes);
    else if (daxWindowBytes === 0) library.call('krun_add_virtiofs', this.#id, tag, path);
    else library.call('krun_add_virtiofs2', this.#id, tag, path, daxWindowBytes);
  }

  #addVirtiofs3(tag: string, path: string, daxWindowBytes: number): void {
    const isReadOnly = false;
    this.#library.call('krun_add_virtiofs3', this.#id, tag, path, daxWindowBytes, isReadOnly);
  }

  /**
   * A read-only disk from a raw image: `/dev/vda`, `/dev/vdb` and so on in the guest, in the order of the calls.
   *
   * @throws MuvmError USAGE where the machine has room for no more
   */
  addDisk({ id, path }: { readonly id: string; readonly path: string }): void {
    this.#diskCount += 1;
    checkDiskCount(this.#diskCount);
    const isReadOnly = true;
    if (this.#library.has('krun_add_disk2')) {
      this.#library.call('krun_add_disk2', this.#id, id, path, DISK_FORMAT_RAW, isReadOnly);
    } else {
      this.#library.call('krun_add_disk', this.#id, id, path, isReadOnly);
    }
  }

  /**
   * The guest's vsock device with its ports, of which there may be none. Before 1.17, and where this is never called,
   * libkrun adds a device of its own, through which a guest without a network card reaches the host's network (TSI).
   *
   * @throws MuvmError RUN_DIRECTORY where libkrun is to make a socket whose path is taken; MISSING_PART for a port
   * `toGuest` before 1.10
   */
  addVsockPorts(ports: readonly VsockPort[]): void {
    for (const port of ports) checkVsockPort(port);
    this.#addVsock();
    for (const port of ports) this.#addVsockPort(port);
  }

  #addVsock(): void {
    const library = this.#library;
    if (this.#hasVsock || !library.has('krun_disable_implicit_vsock') || !library.has('krun_add_vsock')) return;
    const noTsi = 0;
    library.call('krun_disable_implicit_vsock', this.#id);
    library.call('krun_add_vsock', this.#id, noTsi);
    this.#hasVsock = true;
  }

  #addVsockPort({ port, path, direction }: VsockPort): void {
    const isToGuest = direction === 'toGuest';
    if (isToGuest || this.#library.has('krun_add_vsock_port2')) {
      this.#library.call('krun_add_vsock_port2', this.#id, port, path, isToGuest);
    } else {
      this.#library.call('krun_add_vsock_port', this.#id, port, path);
    }
  }

  /** A GPU, with a window of that many bytes for memory that host and guest share. A library without GPU ignores it. */
  setGpu({ mode, windowBytes }: { readonly mode: GpuMode; readonly windowBytes: number }): void {
    checkWindow(windowBytes);
    this.#library.call('krun_set_gpu_options2', this.#id, GPU_MODE_FLAGS[mode], windowBytes);
  }

  /** A network card on a connected stream socket to passt. OWNERSHIP: the descriptor must stay open. */
  setNetwork({ fd, mac }: { readonly fd: number; readonly mac: Buffer }): void {
    checkMac(mac);
    const library = this.#library;
    if (library.has('krun_add_net_unixstream')) {
      const noPath = null;
      const noFlags = 0;
      library.call('krun_add_net_unixstream', this.#id, noPath, fd, mac, NET_FEATURES, noFlags);
    } else {
      library.call('krun_set_net_mac', this.#id, mac);
      library.call('krun_set_passt_fd', this.#id, fd);
    }
  }

  /**
   * Where the console's output goes: libkrun opens that path when the machine starts, and empties a file. Once for each
   * context.
   */
  setConsole(path: string): void {
    this.#library.call('krun_set_console_output', this.#id, path);
  }

  /**
   * What the guest's first program finds in its environment, as `NAME=value` in printable ASCII.
   *
   * @throws MuvmError USAGE
   */
  setGuestEnvironment(variables: readonly string[]): void {
    checkGuestEnvironment(variables);
    this.#library.call('krun_set_env', this.#id, [...variables, null]);
  }

  /**
   * Turns this process into the machine: it ends with the guest, with the status of the guest's first program, and
   * runs no JavaScript any more.
   *
   * @throws MuvmError MISSING_PART where libkrun found no libkrunfw; START_FAILED where it could not build the machine
   */
  start(): never {
    this.#isGone = true;
    try {
      this.#library.call('krun_start_enter', this.#id);
    } catch (error) {
      throw startFailure(this.#library.path, error);
    }
    throw new MuvmError('INTERNAL', 'Cannot start the machine as krun_start_enter returned without an error');
  }

  [Symbol.dispose](): void {
    if (!this.#isGone) this.#library.call('krun_free_ctx', this.#id);
    this.#isGone = true;
  }
}

export interface SharedDirectory {
  readonly tag: string;
  readonly path: string;
  readonly daxWindowBytes: number;
}
