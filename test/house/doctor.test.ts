/** docs/doctor.md has a row for each check of the doctor, and for no other. */
import { expect, test } from '@jest/globals';
import { hostChecks } from '../../host/src/doctor/checks.ts';
import { readSource } from './source-files.ts';

test('docs/doctor.md describes every check, with the drivers that need it', () => {
  const checks = hostChecks({ env: {}, name: 'default', libkrunPath: undefined, bundleDirectory: '/' });
  const [, section = ''] = readSource('docs/doctor.md').split('## The checks');
  const rows = [...section.matchAll(/^\| `([a-z0-9-]+)` \|([^|]*)\|/gm)].map(([, name, need]) => [name, need?.trim()]);
  expect(rows).toEqual(checks.map(({ name, neededBy }) => [name, neededBy.length > 1 ? 'both' : (neededBy[0] ?? '')]));
});
