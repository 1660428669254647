/** Writes the table of features into docs/drivers.md, where it is not so already. */
import { readFileSync, writeFileSync } from 'node:fs';
import { importSource } from './import-source.mjs';

const PAGE = 'docs/drivers.md';

const { withFeatureTable } = await importSource('host/src/driver/features-page.ts');
const page = readFileSync(PAGE, 'utf8');
const wanted = withFeatureTable(page);
if (page !== wanted) writeFileSync(PAGE, wanted);
