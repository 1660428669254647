/** Writes the table of features into docs/drivers.md, where it is not so already. */
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const PAGE = 'docs/drivers.md';

const { outputFiles } = await build({
  entryPoints: ['host/src/driver/features-page.ts'],
  write: false,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
}).catch(() => process.exit(1));
const source = Buffer.from(outputFiles[0].contents).toString('base64');
const { withFeatureTable } = await import(`data:text/javascript;base64,${source}`);
const page = readFileSync(PAGE, 'utf8');
const wanted = withFeatureTable(page);
if (page !== wanted) writeFileSync(PAGE, wanted);
