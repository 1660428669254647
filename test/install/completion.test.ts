/** Real shells complete the command line of an installed muvm. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createSandbox, needsBuild, programsMissing, type Sandbox, testUnless } from '../framework/index.ts';
import { type InstalledTree, installInto } from './installed-tree.ts';
import { BASH_COMPLETION, type CompletingShell, SHELLS } from './shells.ts';

let sandbox: Sandbox;
let tree: InstalledTree;
beforeAll(() => {
  sandbox = createSandbox();
  for (const name of ['web', 'build']) mkdirSync(join(sandbox.runRoot, name), { recursive: true, mode: 0o700 });
  mkdirSync(join(sandbox.files, 'dir-one'));
  writeFileSync(join(sandbox.files, 'file-one.so'), '');
  tree = installInto(sandbox);
});
afterAll(() => sandbox[Symbol.dispose]());

const TEST_TIMEOUT_MS = 30_000;

/** What is typed, and what is seen then: in the line, or below it. */
const CASES: readonly (readonly [line: string, pattern: RegExp])[] = [
  ['muvm --st', /--status\s[\s\S]*--stop/],
  ['muvm --privil', /--privileged/],
  ['muvm -i --verb', /--verbose/],
  ['muvm --vmm q', /qemu/],
  ['muvm --vmm=q', /--vmm=qemu/],
  ['muvm -p ', /3334\s[\s\S]*3335/],
  ['muvm -tip ', /3334\s[\s\S]*3335/],
  ['muvm -tip33', /-tip3334?/],
  ['muvm --name ', /build\s[\s\S]*web/],
  ['muvm --name we', /web/],
  ['muvm --status --name=bu', /build/],
  ['muvm -e XDG_RUNT', /XDG_RUNTIME_DIR/],
  ['muvm --workdir di', /dir-one\//],
  ['muvm --libkrun fi', /file-one\.so/],
  ['muvm --libkrun=fi', /file-one\.so/],
  ['muvm --socket a:fi', /a:file-one\.so/],
  ['muvm --socket=a:fi', /--socket=a:file-one\.so/],
  ['muvm unam', /uname/],
  ['muvm -- unam', /uname/],
  ['muvm -tip 3335 -- unam', /uname/],
  ['muvm -e A=b:c --mem=4096 --vmm qemu -it unam', /uname/],
];

/** The command behind the options is completed as it completes itself. */
const DELEGATED: typeof CASES = [
  ['muvm mytool al', /alpha/],
  ['muvm -- mytool be', /beta/],
  ['muvm -tip 3335 --name=web -e A=b -- mytool x al', /alpha/],
  ['muvm -p3335 muvm -- mytool al', /alpha/],
];

describe.each(Object.entries(SHELLS))('%s', (name, { needs, open }) => {
  const skip =
    needsBuild() ??
    programsMissing(...needs) ??
    (name === 'bash' && !existsSync(BASH_COMPLETION) ? 'bash-completion is not installed' : undefined);
  let shell: CompletingShell;
  beforeAll(async () => {
    shell = await open(sandbox, tree);
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    await shell[Symbol.asyncDispose]();
  });

  for (const [line, pattern] of [...CASES, ...(name === 'bash alone' ? [] : DELEGATED)]) {
    const complete = async () => void (await shell.complete(line, pattern));
    testUnless(skip, `completes "${line}"`, complete, TEST_TIMEOUT_MS);
  }
});
