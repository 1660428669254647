/** What a user can meet outside of the command line, as rows of the man page: a name, and what it is for. */
type Row = readonly [name: string, meaning: string];

export const EXIT_STATUSES: readonly Row[] = [
  ['*n*', 'The exit status of *COMMAND*.'],
  ['128+*n*', '*COMMAND* was ended by the signal *n*.'],
  ['127', '*COMMAND* was not found.'],
  ['126', '*COMMAND* was found, but cannot be executed.'],
  [
    '125',
    'muvm itself failed: an option is wrong, the machine could not be started, or it ended before the command did. The reason is one line on standard error.',
  ],
];

/** The variables that a user may set. Those for developers are in docs/internals.md alone. */
export const VARIABLES: readonly Row[] = [
  [
    'XDG_RUNTIME_DIR',
    'Where the files of running machines are; without it */tmp/muvm-UID*. The sockets of display and sound are looked for there, too.',
  ],
  ['XDG_CONFIG_HOME', 'Where the configuration file of the user is. Default: *~/.config*.'],
  ['XDG_STATE_HOME', 'Where the logs of machines that failed are kept. Default: *~/.local/state*.'],
  ['XDG_CACHE_HOME', 'Where the kernel of the guest is kept for QEMU. Default: *~/.cache*.'],
  ['HOME', 'The directory that these defaults begin with.'],
  ['USER', 'The name of a user without an entry in passwd(5).'],
  ['LOGNAME', 'The same, where `USER` is not set.'],
  ['SHELL', 'The shell of such a user.'],
  ['PATH', 'Where the programs of the host are looked for: QEMU, virtiofsd, passt. The command gets it, too.'],
  ['TERM', 'With `-t`, the command gets it.'],
  ['COLORTERM', 'With `-t`, the command gets it.'],
  ['PULSE_SERVER', "The sound server's socket. Default: *$XDG_RUNTIME_DIR/pulse/native*."],
  ['PIPEWIRE_REMOTE', 'The name of the socket of PipeWire.'],
  ['PIPEWIRE_RUNTIME_DIR', 'The directory of that socket.'],
  ['DISPLAY', 'The X server that programs of the guest get.'],
  ['XAUTHORITY', 'The file with what lets them in there. Default: *~/.Xauthority*.'],
  ['WAYLAND_DISPLAY', 'The Wayland compositor.'],
  ['LIBGL_DRIVERS_PATH', "Where libkrun's GPU finds its drivers. The command gets it, too."],
  ['MESA_LOADER_DRIVER_OVERRIDE', "The driver of libkrun's GPU. The command gets it, too."],
  ['VK_DRIVER_FILES', "The Vulkan drivers of libkrun's GPU."],
  ['VK_ICD_FILENAMES', 'The same, by its older name.'],
  ['LD_LIBRARY_PATH', 'Where libkrun finds libraries. The command gets it, too.'],
  ['RUST_LOG', 'How much libkrun tells in the log. The command gets it, too.'],
  ['MUVM_UDEVD_PATH', 'The udevd that the guest runs. One that does not exist: none.'],
];

export const FILES: readonly Row[] = [
  ['$XDG_CONFIG_HOME/muvm/config.json', 'The settings of the user, a JSON object. See CONFIGURATION.'],
  ['/etc/muvm/config.json', 'The settings of this host.'],
  ['/usr/lib/muvm/config.json', 'The settings of the distribution.'],
  ['$XDG_RUNTIME_DIR/muvm/NAME/', 'Everything of the machine *NAME* while it runs: sockets, logs, facts.'],
  ['$XDG_STATE_HOME/muvm/NAME/', 'The logs of the last machine of that name that failed. `muvm --logs` shows them.'],
  [
    '$XDG_CACHE_HOME/muvm/',
    'What takes long to make, such as the kernel in the form that QEMU boots. It may be removed.',
  ],
  [
    'PREFIX/share/doc/muvm/',
    'The pages that are named here by their path, and more. *PREFIX* is where muvm was installed, such as */usr/local*.',
  ],
];
