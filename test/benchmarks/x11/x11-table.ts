/** One thing that was measured on every route. */
export interface X11Row {
  readonly name: string;
  readonly unit: 'µs' | 'ms' | '/s';
  readonly values: Readonly<Record<string, number>>;
  readonly bound?: Bound | undefined;
}

/** What a bridge must keep, as a ratio to socat. */
export interface Bound {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What the others are compared with. */
export const REFERENCE = 'socat';
/** What is promised of. */
export const isBridge = (route: string): boolean => route.startsWith('bridge');

const round = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0));

const ratioOf = ({ values }: X11Row, route: string) => (values[route] as number) / (values[REFERENCE] ?? Number.NaN);

const isKept = ({ atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: Bound, ratio: number) =>
  !(ratio > atMost || ratio < atLeast);

export const isMissed = (row: X11Row): boolean =>
  row.bound !== undefined &&
  Object.keys(row.values).some((route) => isBridge(route) && !isKept(row.bound as Bound, ratioOf(row, route)));

function cell(row: X11Row, route: string): string {
  const value = row.values[route];
  if (value === undefined) return '';
  const text = `${round(value)} ${row.unit}`;
  return route === REFERENCE ? text : `${text} (${ratioOf(row, route).toFixed(2)})`;
}

function verdict(row: X11Row): string {
  const { bound } = row;
  if (!bound) return '';
  const text = bound.atMost === undefined ? `at least ${bound.atLeast?.toFixed(2)}` : `at most ${bound.atMost}`;
  return `${text}: ${isMissed(row) ? 'MISSED' : 'kept'}`;
}

/** A column for each route, with its ratio to socat in parentheses. */
export function renderX11Table(rows: readonly X11Row[]): string {
  const routes = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const lines = [
    ['what', ...routes, `bridge to ${REFERENCE}`],
    ...rows.map((row) => [row.name, ...routes.map((route) => cell(row, route)), verdict(row)]),
  ];
  const widths = (lines[0] as string[]).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
