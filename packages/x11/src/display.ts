/** Where the X server of a DISPLAY listens. */
export type Display = {
  /** The number of the screen that programs take unless they are told another. */
  readonly screen: number;
} & (
  | { readonly kind: 'local'; readonly number: number }
  /** A socket with a path of its own. */
  | { readonly kind: 'path'; readonly path: string }
  /** Of another machine, or the end of a tunnel as ssh makes them. */
  | { readonly kind: 'tcp'; readonly host: string; readonly number: number }
);

/** Display N listens on this port plus N (X(7)). */
const NUMBER_MAX = 65_535 - 6000;

/**
 * Reads a DISPLAY: `:N`, `unix:N`, `unix/HOST:N`, `HOST:N`, `tcp/HOST:N`, each with `.SCREEN` or without, `/PATH` and `unix:/PATH`.
 *
 * Source: X(7), and the forms that libxcb takes beside them.
 *
 * @returns undefined for what is none
 */
export function parseDisplay(text: string): Display | undefined {
  const path = /^(?:unix:)?(\/[^\0]*)$/.exec(text)?.[1];
  if (path !== undefined) return { kind: 'path', path, screen: 0 };
  const match = /^(?:(?<protocol>[a-z0-9]+)\/)?(?<host>[^/]*):(?<number>\d{1,5})(?:\.(?<screen>\d{1,5}))?$/.exec(text);
  const { protocol, host = '', number = '', screen = '0' } = match?.groups ?? {};
  if (!match || Number(number) > NUMBER_MAX) return undefined;
  const common = { number: Number(number), screen: Number(screen) };
  if (protocol === 'unix' || (protocol === undefined && (host === '' || host === 'unix')))
    return { kind: 'local', ...common };
  if (host === '' || host.endsWith(':') || !['tcp', 'inet', 'inet6', undefined].includes(protocol)) return undefined;
  return { kind: 'tcp', host: host.replace(/^\[(.*)\]$/, '$1'), ...common };
}
