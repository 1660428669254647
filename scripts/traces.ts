/** Bundles the recorder of X11 traffic to dist/record and runs it. Arguments: those of test/x11/record/main.ts. */
import { runTests } from './build/run-tests.ts';

runTests('x11/record', 'record', process.argv.slice(2));
