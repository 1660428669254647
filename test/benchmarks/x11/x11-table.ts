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

/** Undefined where there is nothing to compare with. */
function ratioOf({ values }: X11Row, route: string): number | undefined {
  const [value, reference] = [values[route], values[REFERENCE]];
  return value === undefined || reference === undefined ? undefined : value / reference;
}

function isKept({ atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: Bound, ratio: number): boolean {
  return ratio <= atMost && ratio >= atLeast;
}

function cell(row: X11Row, route: string): string {
  const value = row.values[route];
  if (value === undefined) return '';
  const ratio = route === REFERENCE ? undefined : ratioOf(row, route);
  return `${round(value)} ${row.unit}${ratio === undefined ? '' : ` (${ratio.toFixed(2)})`}`;
}

function verdict(row: X11Row): string {
  const { bound } = row;
  const bridges = Object.keys(row.values).filter(isBridge);
  const ratios = bridges.map((route) => ratioOf(row, route)).filter((ratio) => ratio !== undefined);
  if (!bound || ratios.length === 0) return '';
  const text = bound.atMost === undefined ? `at least ${bound.atLeast?.toFixed(2)}` : `at most ${bound.atMost}`;
  return `${text}: ${ratios.every((ratio) => isKept(bound, ratio)) ? 'kept' : 'MISSED'}`;
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
