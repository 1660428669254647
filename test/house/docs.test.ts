/** docs/internals.md names everything that can be met from outside: ports, files, services, variables. */
import { describe, expect, test } from '@jest/globals';
import { KNOBS } from '@muvm/log/knobs';
import { EXEC_PORTS, SERIAL_PORTS, STREAM_PORTS } from '@muvm/protocol';
import { BOOT } from '../../guest-init/src/boot/index.ts';
import { renderSettingsPage } from '../../host/src/config/settings-page.ts';
import { withFeatureTable } from '../../host/src/driver/features-page.ts';
import { KEPT_BACK } from '../../host/src/environment/kept-back.ts';
import { VM_FILES } from '../../host/src/vm/run-directory.ts';
import { readSource, repositoryFiles, shippedSources } from './source-files.ts';

const internals = readSource('docs/internals.md');
const missing = (names: readonly string[]) => names.filter((name) => !internals.includes(`\`${name}\``));

describe('docs/internals.md names', () => {
  test('every port', () => {
    const serial = Object.values(SERIAL_PORTS).map(({ name }) => name);
    const vsock = [...Object.values(EXEC_PORTS), ...Object.values(STREAM_PORTS)].map(String);
    expect(missing([...vsock, ...serial])).toEqual([]);
  });

  test('every file of the run directory', () => expect(missing(Object.values(VM_FILES))).toEqual([]));

  test('every gRPC call', () => {
    const calls = [...readSource('protocol/proto/guest.proto').matchAll(/^\s*rpc (\w+)/gm)].map((match) => match[1]);
    expect(calls.length).toBeGreaterThan(0);
    expect(missing(calls as string[])).toEqual([]);
  });

  test('every knob for developers', () => expect(missing(Object.keys(KNOBS))).toEqual([]));

  test('every environment variable that is read or set', () => {
    const pattern = /\b(?:env|environment)(?:\.|\[')([A-Z][A-Z0-9_]+)\b|'(MUVM_[A-Z_]+)'/g;
    const names = shippedSources().flatMap((path) =>
      [...readSource(path).matchAll(pattern)].map((match) => (match[1] ?? match[2]) as string),
    );
    expect(missing([...new Set(names)].sort())).toEqual([]);
  });
});

test('every link between the pages leads to a file', () => {
  const files = new Set(repositoryFiles());
  const pages = [...files].filter((path) => path.endsWith('.md'));
  const wrong = pages.flatMap((page) => {
    const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : '';
    return [...readSource(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map((match) => new URL(match[1] as string, `file:///${folder}`).pathname.slice(1))
      .filter(
        (target) => !files.has(target) && ![...files].some((path) => path.startsWith(`${target.replace(/\/$/, '')}/`)),
      )
      .map((target) => `${page}: ${target}`);
  });
  expect(wrong).toEqual([]);
});

test('docs/README.md lists every page of docs/', () => {
  const index = readSource('docs/README.md');
  const pages = repositoryFiles().filter((path) => /^docs\/.*\.md$/.test(path) && path !== 'docs/README.md');
  expect(pages.filter((path) => !index.includes(`(${path.slice('docs/'.length)})`))).toEqual([]);
});

test('docs/drivers.md has the table of what the drivers declare', () => {
  const page = readSource('docs/drivers.md');
  expect(withFeatureTable(page)).toBe(page);
});

test('docs/settings.md is the table of settings', () => {
  expect(readSource('docs/settings.md')).toBe(renderSettingsPage());
});

test('docs/features/environment.md names every variable that is kept back', () => {
  const page = readSource('docs/features/environment.md');
  const names = KEPT_BACK.flatMap((row) => row.names);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('docs/features/boot.md has a row for each boot step, in their order', () => {
  const rows = [...readSource('docs/features/boot.md').matchAll(/^\| `([a-z0-9 ]+)` \| (yes)? ?\|/gm)];
  expect(rows.map(([, name, needed]) => [name, needed !== undefined])).toEqual(
    BOOT.map(({ name, isRequired }) => [name, isRequired]),
  );
});
