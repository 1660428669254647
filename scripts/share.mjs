/**
 * Writes what other programs read about muvm to dist/share, as it lies below PREFIX/share: the man page, and the
 * completion scripts of the shells.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importSource } from './import-source.mjs';

const TARGET = 'dist/share';

const { renderCompletion } = await importSource('host/src/cli/completion/index.ts');
const { renderManual } = await importSource('host/src/cli/manual/index.ts');
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

// The same source makes the same page where the day is given: reproducible-builds.org, SOURCE_DATE_EPOCH.
const epochS = Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000);
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
