/** Writes docs/settings.md from the table of settings, where it is not so already. */
import { readFileSync, writeFileSync } from 'node:fs';
import { importSource } from './import-source.mjs';

const PAGE = 'docs/settings.md';

const { renderSettingsPage } = await importSource('host/src/config/settings-page.ts');
const page = renderSettingsPage();
if (read() !== page) writeFileSync(PAGE, page);

function read() {
  try {
    return readFileSync(PAGE, 'utf8');
  } catch {
    return undefined;
  }
}
