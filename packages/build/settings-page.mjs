/** Writes docs/settings.md from the table of settings, where it is not so already. */
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const PAGE = 'docs/settings.md';

const { outputFiles } = await build({
  entryPoints: ['host/src/config/settings-page.ts'],
  write: false,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
}).catch(() => process.exit(1));
const source = Buffer.from(outputFiles[0].contents).toString('base64');
const { renderSettingsPage } = await import(`data:text/javascript;base64,${source}`);
const page = renderSettingsPage();
if (read() !== page) writeFileSync(PAGE, page);

function read() {
  try {
    return readFileSync(PAGE, 'utf8');
  } catch {
    return undefined;
  }
}
