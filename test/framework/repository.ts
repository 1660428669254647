import { join, resolve } from 'node:path';

/** The root of the repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** What test runs leave behind for people to look at. */
export const RESULTS = process.env['MUVM_TEST_RESULTS'] || join(REPOSITORY, 'test/results');

/** The program as `npx muvm` runs it. */
export const MUVM = join(REPOSITORY, 'host/bin/muvm.cjs');
