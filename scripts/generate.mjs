/** Generates protocol/src/generated from protocol/proto, by buf and ts-proto. make knows when that is needed. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

const binaries = resolve('node_modules/.bin');

rmSync('protocol/src/generated', { recursive: true, force: true });
execFileSync('buf', ['generate'], {
  cwd: 'protocol',
  stdio: 'inherit',
  env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` },
});
