/**
 * The health of this host: one check for each part that a machine or one of its features needs, and what they amount to.
 * Nothing is started, made or changed by it.
 */
export type { Finding, State } from './check.ts';
export { hostChecks } from './checks.ts';
export { renderJson, renderReport } from './render-report.ts';
export { type Outcome, runChecks } from './run-checks.ts';
export { judge, type Verdict } from './verdict.ts';
