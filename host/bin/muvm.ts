import { askForDirectoryInEarnest } from '../src/cli/gone-directory.ts';
import { main } from '../src/cli/index.ts';
import { reportError } from '../src/cli/report-error.ts';

process.on('uncaughtException', (error) => {
  reportError(error);
  process.exit();
});

askForDirectoryInEarnest();
// All output is written by now, and whatever is still open, such as a terminal that is read, keeps nobody waiting.
void main(process.argv.slice(2)).finally(() => process.exit());
