import { readFileSync, writeFileSync } from 'node:fs';
import { importSource } from './import-source.ts';

const SETTINGS_PAGE = 'docs/settings.md';
const DRIVERS_PAGE = 'docs/drivers.md';

type Settings = typeof import('../../host/src/config/settings-page.ts');
type Features = typeof import('../../host/src/driver/features-page.ts');

/** Writes docs/settings.md and the table of features in docs/drivers.md, if their tables changed. */
export async function writePages(): Promise<void> {
  const { renderSettingsPage } = await importSource<Settings>('host/src/config/settings-page.ts');
  const { withFeatureTable } = await importSource<Features>('host/src/driver/features-page.ts');
  update(SETTINGS_PAGE, () => renderSettingsPage());
  update(DRIVERS_PAGE, withFeatureTable);
}

function update(path: string, render: (current: string) => string): void {
  const current = readFileSync(path, 'utf8');
  const wanted = render(current);
  if (wanted !== current) writeFileSync(path, wanted);
}
