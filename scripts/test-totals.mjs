/**
 * Adds up jest's JSON reports, lists what was skipped (the names say why), and prints "N passed, N failed" last. A report
 * that is missing, or a file that did not even load, counts as a failure.
 */
import { existsSync, readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  passed += report?.numPassedTests ?? 0;
  failed += report ? report.numFailedTests + report.numRuntimeErrorTestSuites : 1;
  const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  for (const { status, fullName } of tests) if (status === 'pending') console.log(`skipped: ${fullName}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
