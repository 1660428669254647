/** Variables that lead to something of the host which the guest does not have. */
interface KeptBack {
  /** Names; one that ends in `*` stands for all that begin so. */
  readonly names: readonly string[];
  /** Only where the value names a Unix socket, unless the machine has that socket: `--socket`. */
  readonly isAboutSocket?: true;
  /** Why, for people. */
  readonly reason: string;
}

/** THE TABLE: what `--env-inherit` does not pass on. docs/features/environment.md shows it. */
export const KEPT_BACK: readonly KeptBack[] = [
  {
    names: ['HOME', 'USER', 'LOGNAME', 'SHELL', 'XDG_RUNTIME_DIR'],
    reason: 'the guest sets them, for root of the guest others than for the user',
  },
  { names: ['PWD', '_'], reason: 'they describe the process that calls; the command may run in another directory' },
  {
    names: ['DISPLAY', 'WAYLAND_DISPLAY', 'WAYLAND_SOCKET', 'XAUTHORITY'],
    reason: "they lead to the host's display; where that is forwarded, the guest sets its own",
  },
  {
    names: ['XDG_SESSION_*', 'XDG_SEAT', 'XDG_SEAT_PATH', 'XDG_VTNR', 'SESSION_MANAGER'],
    reason: 'seat and session are known to the login and session manager of the host alone',
  },
  {
    names: ['GTK_IM_MODULE', 'QT_IM_MODULE', 'QT_IM_MODULES', 'CLUTTER_IM_MODULE', 'SDL_IM_MODULE', 'IBUS_ADDRESS'],
    reason: 'modules of input methods reach these over D-Bus; `xim` goes through the display',
  },
  {
    names: ['PULSE_SERVER'],
    isAboutSocket: true,
    reason: 'the guest has that socket at its usual place',
  },
  {
    names: ['PULSE_RUNTIME_PATH', 'PIPEWIRE_REMOTE', 'PIPEWIRE_RUNTIME_DIR', 'PIPEWIRE_CORE'],
    reason: "they lead to the host's sound server",
  },
  {
    names: ['LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PID', 'LISTEN_PIDFDID', 'NODE_CHANNEL_*', 'NODE_UNIQUE_ID'],
    reason: 'they name descriptors, which do not cross',
  },
  {
    names: [
      ...['NOTIFY_SOCKET', 'WATCHDOG_PID', 'WATCHDOG_USEC', 'INVOCATION_ID', 'JOURNAL_STREAM', 'MANAGERPID*'],
      ...['SYSTEMD_EXEC_PID', 'MEMORY_PRESSURE_*', 'CREDENTIALS_DIRECTORY', 'RUNTIME_DIRECTORY'],
    ],
    reason: "they are of the host's service manager, for the service that calls",
  },
  {
    names: ['DBUS_SESSION_BUS_ADDRESS', 'DBUS_SYSTEM_BUS_ADDRESS', 'DBUS_STARTER_*', 'AT_SPI_BUS_ADDRESS'],
    isAboutSocket: true,
    reason: 'nobody answers at that socket in the guest',
  },
  {
    names: ['SSH_AUTH_SOCK', 'GPG_AGENT_INFO', 'GNOME_KEYRING_CONTROL', 'DOCKER_HOST', 'CONTAINER_HOST'],
    isAboutSocket: true,
    reason: 'the same',
  },
  {
    names: [
      ...['TMUX', 'STY', 'KITTY_LISTEN_ON', 'ALACRITTY_SOCKET', 'WEZTERM_UNIX_SOCKET', 'NVIM', 'SWAYSOCK', 'I3SOCK'],
      ...['NIRI_SOCKET', 'HYPRLAND_INSTANCE_SIGNATURE', 'VSCODE_IPC_HOOK*', 'VSCODE_GIT_IPC_*'],
    ],
    reason: 'programs would try to talk to a terminal, window manager or editor of the host',
  },
  { names: ['SSH_AGENT_PID', 'SSH_TTY', 'TMUX_PANE'], reason: 'they name a process or terminal of the host' },
  { names: ['MUVM_*'], reason: "they are muvm's own" },
];

/**
 * Whether a variable stays on the host.
 *
 * @param sharedSockets paths in the guest of the host's sockets that it has
 */
export function isKeptBack(name: string, value: string, sharedSockets: readonly string[]): boolean {
  return KEPT_BACK.some(
    ({ names, isAboutSocket }) =>
      names.some((pattern) => matches(pattern, name)) && (!isAboutSocket || isForeignSocket(value, sharedSockets)),
  );
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Values such as "/path", "unix:/path", "unix:path=/path,guid=1;…" and "/path:pid:1"; "tcp:host" means the same anywhere. */
function isForeignSocket(value: string, sharedSockets: readonly string[]): boolean {
  const parts = value.split(/[=,:;]/).map((part) => part.replace(/^\/\/(?=\/)/, ''));
  const isUnix = value.startsWith('/') || value.includes('unix:');
  return isUnix && !parts.some((part) => sharedSockets.includes(part));
}
