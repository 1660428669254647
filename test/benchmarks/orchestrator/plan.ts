import { type PartRow, TARGETS, type Target } from '../target.ts';

/** The parts that one target measures, in their order. */
export interface TargetPlan {
  readonly target: Target;
  readonly parts: readonly string[];
}

export interface Request {
  /** Names of parts. Empty: all. */
  readonly parts: readonly string[];
  /** The one driver to measure. Undefined or empty: both. */
  readonly driver?: string | undefined;
}

const DRIVERS = TARGETS.filter((target) => target !== 'host');

/** @throws Error for an unknown part or driver, or if nothing is left to measure */
export function planTargets(table: readonly PartRow[], { parts, driver }: Request): TargetPlan[] {
  const names = table.map(({ name }) => name);
  const unknown = parts.find((part) => !names.includes(part));
  if (unknown !== undefined) throw new Error(`Cannot measure "${unknown}": expected one of ${names.join(', ')}`);
  if (driver && !DRIVERS.some((name) => name === driver)) {
    throw new Error(`Cannot measure the driver "${driver}": expected ${DRIVERS.join(' or ')}`);
  }
  const isRequested = (row: PartRow, target: Target) => {
    const isNamed = parts.includes(row.name);
    // A part without a VM has no driver, so only its name asks for it beside one.
    const isChosen = !driver || target === driver || (target === 'host' && isNamed);
    return row.targets.includes(target) && isChosen && (isNamed || parts.length === 0);
  };
  const plans = TARGETS.map((target) => ({
    target,
    parts: table.filter((row) => isRequested(row, target)).map(({ name }) => name),
  })).filter(({ parts: chosen }) => chosen.length > 0);
  if (plans.length === 0)
    throw new Error(`Cannot measure ${parts.join(', ')} on ${driver}: no part is for this driver`);
  return plans;
}
