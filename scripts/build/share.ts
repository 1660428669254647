import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importSource } from './import-source.ts';

const TARGET = 'dist/share';

type Completion = typeof import('../../host/src/cli/completion/index.ts');
type Manual = typeof import('../../host/src/cli/manual/index.ts');

/** Writes the man page and the completions of the shells to dist/share, laid out as below PREFIX/share. */
export async function writeShare(): Promise<void> {
  const { renderCompletion } = await importSource<Completion>('host/src/cli/completion/index.ts');
  const { renderManual } = await importSource<Manual>('host/src/cli/manual/index.ts');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  // The same source makes the same page if the date is given: reproducible-builds.org, SOURCE_DATE_EPOCH.
  const epochS = Number(process.env['SOURCE_DATE_EPOCH'] ?? Date.now() / 1000);
  const date = new Date(epochS * 1000).toISOString().slice(0, 10);
  const files = {
    'man/man1/muvm.1': renderManual({ version, date }),
    'bash-completion/completions/muvm': renderCompletion('bash'),
    'zsh/site-functions/_muvm': renderCompletion('zsh'),
    'fish/vendor_completions.d/muvm.fish': renderCompletion('fish'),
  };
  rmSync(TARGET, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(TARGET, path)), { recursive: true });
    writeFileSync(join(TARGET, path), text);
  }
}
