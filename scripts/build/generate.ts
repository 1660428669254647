import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { buildStep } from './step.ts';

const TARGET = 'protocol/src/generated';
const INPUTS = [
  'protocol/proto',
  'protocol/buf.gen.yaml',
  'protocol/buf.yaml',
  'package-lock.json',
  'scripts/build/generate.ts',
];
const OUTPUTS = ['guest.ts', 'guest.definition.ts', 'messages.ts'].map((name) => `${TARGET}/${name}`);

/** Generates protocol/src/generated from protocol/proto with buf and ts-proto, if needed. */
export function generateProtocol(): Promise<void> {
  return buildStep(`${TARGET}/.built`, INPUTS, OUTPUTS, () => {
    rmSync(TARGET, { recursive: true, force: true });
    const binaries = resolve('node_modules/.bin');
    execFileSync(`${binaries}/buf`, ['generate'], {
      cwd: 'protocol',
      stdio: 'inherit',
      env: { ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH']}` },
    });
  });
}
