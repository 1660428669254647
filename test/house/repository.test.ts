/** The repository as a whole: licences, nothing of the machine it was written on, a lock file that any mirror serves. */
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT, readSource, repositoryFiles } from './source-files.ts';

const files = repositoryFiles();
const texts = files.filter((path) => !/\.(png|bin|node)$/.test(path));
const manifests = files.filter((path) => path.endsWith('package.json'));

test('LICENSE is MIT, by the muvm authors', () => {
  expect(readSource('LICENSE')).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} The muvm authors\n/);
});

describe.each(manifests)('%s', (path) => {
  const manifest = JSON.parse(readSource(path)) as Record<string, unknown>;

  test('is under MIT, private and an ES module', () => {
    expect(manifest).toMatchObject({ license: 'MIT', private: true, type: 'module' });
  });

  test('asks for exact versions of others and any version of ours', () => {
    const all = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries((manifest[kind] ?? {}) as Record<string, string>),
    );
    const wrong = all.filter(([name, version]) => version !== (name.startsWith('@muvm/') ? '*' : exact(version)));
    expect(wrong).toEqual([]);
  });

  test('has no install script', () => {
    expect(Object.keys((manifest['scripts'] ?? {}) as object).filter((name) => /install|prepare/.test(name))).toEqual(
      [],
    );
  });
});

const exact = (version: string) => /^\d+\.\d+\.\d+$/.exec(version)?.[0];

test('package-lock.json names no registry', () => {
  expect(readSource('package-lock.json')).not.toMatch(/"resolved": "https?:/);
});

test('no file names a package registry', () => {
  const registry = new RegExp(['registry', '(npmjs|yarnpkg)'].join('\\.'));
  expect(texts.filter((path) => registry.test(readSource(path)))).toEqual([]);
});

// Places that clones lie in and that files may name.
const COMMON_PLACES = ['/', '/home', '/opt', '/root', '/srv', '/tmp', '/var/tmp'];

test('no file names a path of the machine it was written on', () => {
  const here = [ROOT, dirname(ROOT)].filter((path) => !COMMON_PLACES.includes(path));
  const wrong = texts.filter((path) => here.some((place) => readSource(path).includes(`${place}/`)));
  expect(wrong).toEqual([]);
});

describe('the version of package.json', () => {
  const { version } = JSON.parse(readSource('package.json')) as { version: string };

  test('is that of every workspace', () => {
    const versions = manifests.map((path) => [path, (JSON.parse(readSource(path)) as { version?: string }).version]);
    expect(versions.filter(([, other]) => other !== version)).toEqual([]);
  });

  test('has a heading in CHANGELOG.md', () => {
    expect(readSource('CHANGELOG.md').split('\n')).toContainEqual(expect.stringMatching(`^## \\[${version}\\]`));
  });
});
