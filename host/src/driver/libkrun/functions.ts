/** One function of libkrun, as koffi declares it, and the first release that has it (include/libkrun.h of its tags). */
interface FunctionRow {
  readonly prototype: string;
  readonly since: string;
  /** The build option without which the library has no such function, whatever its release. */
  readonly buildOption?: 'NET' | 'BLK';
}

/**
 * THE TABLE of libkrun's functions that muvm calls. All return a negative errno where they fail, ENOENT for an unknown
 * context. What is 0 or more is told where it means something. Text is UTF-8 without a NUL, and EINVAL where it is not.
 *
 * OWNERSHIP: libkrun copies all text, lists of text and hardware addresses before it returns (1.9.5 to 1.19.0: they
 * become a String, PathBuf or [u8; 6] of its own). Descriptors it keeps, and does not duplicate.
 */
export const KRUN_FUNCTIONS = {
  /**
   * Starts the log on stderr: 0 off, 1 error, 2 warn, 3 info, 4 debug, 5 trace. A second start of the log, by whichever
   * function, aborts.
   */
  krun_set_log_level: { prototype: 'int32_t krun_set_log_level(uint32_t level)', since: '0.1' },
  /**
   * The same with a target (-1 stderr), a style (0 automatic, 1 coloured, 2 plain) and options (1 ignores `RUST_LOG`).
   * Takes the descriptor over.
   */
  krun_init_log: {
    prototype: 'int32_t krun_init_log(int target, uint32_t level, uint32_t style, uint32_t options)',
    since: '1.13',
  },
  /** Makes a context and returns its number. From 1.11 on, this is what loads libkrunfw, once and for all. */
  krun_create_ctx: { prototype: 'int32_t krun_create_ctx()', since: '0.1' },
  /** Drops a context that has not been started. */
  krun_free_ctx: { prototype: 'int32_t krun_free_ctx(uint32_t context)', since: '0.1' },
  /** CPUs, and memory in MiB. EINVAL if either is 0. */
  krun_set_vm_config: {
    prototype: 'int32_t krun_set_vm_config(uint32_t context, uint8_t cpus, uint32_t memory_mib)',
    since: '0.1',
  },
  /**
   * The guest's root file system, writable, with a DAX window of 512 MiB. The path is first looked at when the machine
   * starts.
   */
  krun_set_root: { prototype: 'int32_t krun_set_root(uint32_t context, const char *path)', since: '0.1' },
  /** A directory with a tag and no DAX window. */
  krun_add_virtiofs: {
    prototype: 'int32_t krun_add_virtiofs(uint32_t context, const char *tag, const char *path)',
    since: '1.8',
  },
  /** The same with a DAX window in bytes. Until 1.18 a window of 0 makes the start fail. */
  krun_add_virtiofs2: {
    prototype: 'int32_t krun_add_virtiofs2(uint32_t context, const char *tag, const char *path, uint64_t window_bytes)',
    since: '1.9.5',
  },
  /** The same, read-only if wished, 0 for no window; with the tag of the root it is the root file system. */
  krun_add_virtiofs3: {
    prototype:
      'int32_t krun_add_virtiofs3(uint32_t context, const char *tag, const char *path, uint64_t window_bytes, bool read_only)',
    since: '1.18',
  },
  /** A disk from a raw image. The guest sees the disks in the order they were added. */
  krun_add_disk: {
    prototype: 'int32_t krun_add_disk(uint32_t context, const char *id, const char *path, bool read_only)',
    since: '1.9.5',
    buildOption: 'BLK',
  },
  /** The same with a format: 0 raw, 1 qcow2, 2 VMDK. Only raw is safe with an image that somebody else may write. */
  krun_add_disk2: {
    prototype:
      'int32_t krun_add_disk2(uint32_t context, const char *id, const char *path, uint32_t format, bool read_only)',
    since: '1.10',
    buildOption: 'BLK',
  },
  /** The hardware address, 6 bytes, of the card that krun_set_passt_fd makes. */
  krun_set_net_mac: {
    prototype: 'int32_t krun_set_net_mac(uint32_t context, const uint8_t *mac)',
    since: '1.8',
    buildOption: 'NET',
  },
  /** The one network card, on a socket to passt. ENOTSUP without network support, until 1.14. */
  krun_set_passt_fd: {
    prototype: 'int32_t krun_set_passt_fd(uint32_t context, int fd)',
    since: '1.7',
    buildOption: 'NET',
  },
  /**
   * A network card on a stream socket: a path, or a descriptor. Frames have their length before them (4 bytes,
   * big-endian). A null address crashes.
   */
  krun_add_net_unixstream: {
    prototype:
      'int32_t krun_add_net_unixstream(uint32_t context, const char *path, int fd, const uint8_t *mac, uint32_t features, uint32_t flags)',
    since: '1.15',
    buildOption: 'NET',
  },
  /** When the guest connects to the port, libkrun connects to the Unix socket. */
  krun_add_vsock_port: {
    prototype: 'int32_t krun_add_vsock_port(uint32_t context, uint32_t port, const char *path)',
    since: '1.8',
  },
  /**
   * The same, or, with `listen`, libkrun makes the socket at start and connects to the guest. EEXIST if it is there,
   * ENODEV without a vsock device.
   */
  krun_add_vsock_port2: {
    prototype: 'int32_t krun_add_vsock_port2(uint32_t context, uint32_t port, const char *path, bool listen)',
    since: '1.10',
  },
  /** Leaves out the vsock device that libkrun would make by itself. */
  krun_disable_implicit_vsock: {
    prototype: 'int32_t krun_disable_implicit_vsock(uint32_t context)',
    since: '1.17',
  },
  /** A vsock device. `tsi`: 1 takes over the guest's internet sockets, 2 its Unix sockets. EEXIST if there is one. */
  krun_add_vsock: { prototype: 'int32_t krun_add_vsock(uint32_t context, uint32_t tsi)', since: '1.17' },
  /**
   * A GPU with virglrenderer's flags and a window for shared memory in bytes. Of no effect in a library without GPU.
   */
  krun_set_gpu_options2: {
    prototype: 'int32_t krun_set_gpu_options2(uint32_t context, uint32_t flags, uint64_t window_bytes)',
    since: '1.9.5',
  },
  /** The file for the console's output, emptied when the machine starts. EINVAL the second time. */
  krun_set_console_output: {
    prototype: 'int32_t krun_set_console_output(uint32_t context, const char *path)',
    since: '1.8',
  },
  /** The environment of the guest's first program, on the kernel's command line: `NAME=value`, ended by null. */
  krun_set_env: { prototype: 'int32_t krun_set_env(uint32_t context, const char **variables)', since: '1.3' },
  /** Leaves out libkrun's own first program. Of use to tell 1.19 from what was before. */
  krun_disable_implicit_init: {
    prototype: 'int32_t krun_disable_implicit_init(uint32_t context)',
    since: '1.19',
  },
  /** 1 if the library was built with a feature, 0 if not, EINVAL for one it does not know. */
  krun_has_feature: { prototype: 'int32_t krun_has_feature(uint64_t feature)', since: '1.17.3' },
  /** Turns this process into the machine. Returns only where it could not be built; the context is gone then. */
  krun_start_enter: { prototype: 'int32_t krun_start_enter(uint32_t context)', since: '0.1' },
} as const satisfies Readonly<Record<string, FunctionRow>>;

export type KrunFunction = keyof typeof KRUN_FUNCTIONS;

/** The build option of a function, undefined where every build has it. */
export function buildOptionOf(name: KrunFunction): string | undefined {
  const row: FunctionRow = KRUN_FUNCTIONS[name];
  return row.buildOption;
}

/** What a libkrun may be built with or without: KRUN_FEATURE_* of libkrun.h. */
export const KRUN_FEATURES = { NET: 0, BLK: 1, GPU: 2, SND: 3, INPUT: 4, INIT_BLOB: 11 } as const;

export type KrunFeature = keyof typeof KRUN_FEATURES;
