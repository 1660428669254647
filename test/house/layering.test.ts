/**
 * Who may import whom, read from the source files: protocol imports nothing of ours, packages import each other
 * downwards, host and guest never meet, and each heavy dependency lives in one place.
 */
import { describe, expect, test } from '@jest/globals';
import { importsOf, resolveImport } from './imports.ts';
import { readSource, shippedSources } from './source-files.ts';

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const sources = shippedSources();
const arrows: Arrow[] = sources.flatMap((from) =>
  importsOf(from).map(({ specifier }) => ({ from, to: resolveImport(from, specifier) ?? specifier })),
);

const arrowsFrom = (room: string) => arrows.filter(({ from }) => from.startsWith(`${room}/`));
const isOurs = (path: string) => /^(packages|protocol|host|guest-init|test)\//.test(path) || path.startsWith('@muvm/');
const show = ({ from, to }: Arrow) => `${from} imports ${to}`;

test('the files of every room are found', () => {
  for (const room of ['packages/errors/', 'protocol/', 'host/', 'guest-init/']) {
    expect(sources.filter((path) => path.startsWith(room))).not.toEqual([]);
  }
});

test('protocol imports nothing of ours', () => {
  const wrong = arrowsFrom('protocol').filter(({ to }) => isOurs(to) && !to.startsWith('protocol/'));
  expect(wrong.map(show)).toEqual([]);
});

test('host and guest-init import neither each other nor tests', () => {
  const wrong = arrows.filter(
    ({ from, to }) =>
      (from.startsWith('host/') && to.startsWith('guest-init/')) ||
      (from.startsWith('guest-init/') && to.startsWith('host/')) ||
      /^(@muvm\/)?test(\/|$)/.test(to),
  );
  expect(wrong.map(show)).toEqual([]);
});

// What each package may import of ours. A package that is missing here is one that nobody thought about.
const DOWNWARDS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  lifetime: ['errors'],
  log: ['errors'],
  grpc: ['errors'],
  linux: ['errors', 'lifetime'],
  process: ['errors', 'lifetime', 'log', 'linux'],
  link: ['errors', 'lifetime', 'linux'],
  x11: ['errors'],
  virtgpu: ['linux'],
};

describe.each(Object.entries(DOWNWARDS))('packages/%s', (name, allowed) => {
  test(`imports only [${allowed.join(', ')}] of ours`, () => {
    const wrong = arrowsFrom(`packages/${name}`).filter(
      ({ to }) => isOurs(to) && ![name, ...allowed].some((room) => to.startsWith(`packages/${room}/`)),
    );
    expect(wrong.map(show)).toEqual([]);
  });
});

test('every package has a place in the order', () => {
  const packages = new Set(sources.map((path) => /^packages\/([^/]+)/.exec(path)?.[1]).filter((name) => name));
  expect([...packages].filter((name) => !Object.hasOwn(DOWNWARDS, name as string))).toEqual([]);
});

test('a room of another workspace is entered by its door', () => {
  const workspace = (path: string) => /^(packages\/[^/]+|[^/]+)/.exec(path)?.[0];
  const wrong = sources.flatMap((from) =>
    importsOf(from)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => ({ from, to: resolveImport(from, specifier) as string }))
      .filter(({ to }) => workspace(to) !== workspace(from)),
  );
  expect(wrong.map(show)).toEqual([]);
});

const HOMES: Readonly<Record<string, readonly string[]>> = {
  koffi: ['packages/linux/'],
  yargs: ['host/src/cli/', 'host/src/config/'],
  execa: ['packages/process/'],
  winston: ['packages/log/'],
};

test.each(Object.entries(HOMES))('%s is imported only in %j', (dependency, homes) => {
  const users = arrows.filter(({ to }) => to === dependency || to.startsWith(`${dependency}/`));
  expect(users.filter(({ from }) => !homes.some((home) => from.startsWith(home))).map(show)).toEqual([]);
});

test('koffi is loaded only by packages/linux and host/src/driver/libkrun', () => {
  const users = sources.filter((path) => /\bloadKoffi\b/.test(readSource(path)));
  expect(users.filter((path) => !/^(packages\/linux|host\/src\/driver\/libkrun)\//.test(path))).toEqual([]);
});

test('only the supervisor and the doctor know the drivers', () => {
  const wrong = arrowsFrom('host').filter(
    ({ from, to }) => to.startsWith('host/src/driver/') && !/^host\/(src\/(driver|supervisor|doctor)|bin)\//.test(from),
  );
  expect(wrong.map(show)).toEqual([]);
});
