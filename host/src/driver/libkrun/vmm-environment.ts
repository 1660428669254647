/** Variables that libkrun's GPU finds the display, the sound server and its drivers by, taken over as they are. */
const PASSED = [
  'HOME',
  'XDG_RUNTIME_DIR',
  'XDG_CACHE_HOME',
  'PIPEWIRE_RUNTIME_DIR',
  'PIPEWIRE_REMOTE',
  'LIBGL_DRIVERS_PATH',
  'LD_LIBRARY_PATH',
  'MESA_LOADER_DRIVER_OVERRIDE',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'RUST_LOG',
] as const;

/** Those that are set anew. */
const NORMALISED = ['DISPLAY', 'WAYLAND_DISPLAY'] as const;

/** What the process that becomes the VM may know of its caller's environment: nothing else reaches it. */
export const VMM_VARIABLES: readonly string[] = [...PASSED, ...NORMALISED];

/**
 * The whole environment of the process that becomes the VM. libkrun makes paths of the display's variables without a
 * look at them, so that they are given the one form it understands: `DISPLAY` as `:N`, and left out where it is not of
 * this machine; `WAYLAND_DISPLAY` as a name in `XDG_RUNTIME_DIR`.
 *
 * Source: rutabaga_gfx/src/cross_domain and devices/src/virtio/gpu of libkrun.
 */
export function vmmEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = PASSED.map((name) => [name, env[name]]);
  entries.push(['DISPLAY', displayNumber(env['DISPLAY'])], ['WAYLAND_DISPLAY', waylandName(env)]);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** `:0` of `:0`, `:0.1`, `unix:0` and `unix/host:0.0`. Undefined for a display of another machine. */
export function displayNumber(display: string | undefined): string | undefined {
  const number = /^(?:unix(?:\/[^:]*)?)?:(\d+)(?:\.\d+)?$/.exec(display ?? '')?.[1];
  return number && `:${number}`;
}

/** A name in XDG_RUNTIME_DIR, of an absolute path there too. Undefined for a socket anywhere else. */
function waylandName(env: NodeJS.ProcessEnv): string | undefined {
  const display = env['WAYLAND_DISPLAY'];
  if (!display?.startsWith('/')) return display;
  const directory = `${env['XDG_RUNTIME_DIR']}/`;
  const name = display.startsWith(directory) ? display.slice(directory.length) : '';
  return name !== '' && !name.includes('/') ? name : undefined;
}
