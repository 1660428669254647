/** Programs that the guest runs while it boots: `-x` as root, `-X` as the user. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { coldTest, onlyOnce, runMuvm, type Sandbox } from '../framework/index.ts';

const COLD_MS = 120_000;

function script(sandbox: Sandbox, name: string, text: string): string {
  const path = join(sandbox.files, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

coldTest(
  'hooks run in their order, as root and as the user, before the first command',
  async (sandbox) => {
    const file = join(sandbox.files, 'out');
    writeFileSync(file, '');
    const record = `echo "$(basename "$0") $(id -u) $XDG_RUNTIME_DIR" >> ${file}`;
    const [one, two, three] = ['one', 'two', 'three'].map((name) => script(sandbox, name, record));
    sandbox.writeConfig({ execute_pre: [one] });
    const words = ['-X', three as string, '-x', two as string, '--', 'cat', file];
    const { stdout, errors, status } = await runMuvm(sandbox, words, { timeoutMs: COLD_MS });
    const uid = process.getuid?.();
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(stdout).toBe(`one 0 /run/user/0\ntwo 0 /run/user/0\nthree ${uid} /run/user/${uid}\n`);
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  },
  { timeoutMs: COLD_MS, skip: onlyOnce() },
);

coldTest(
  'a hook that fails stops the start, and its output is shown',
  async (sandbox) => {
    const hook = script(sandbox, 'failing', 'echo cannot find the moon >&2; exit 3');
    const { status, errors } = await runMuvm(sandbox, ['-X', hook, '--', 'true'], { timeoutMs: COLD_MS });
    expect(status).toBe(125);
    expect(errors).toMatch(
      /^muvm: [^\n]*"user hooks"[^\n]*failing" ended with status 3, and said: cannot find the moon/,
    );
  },
  { timeoutMs: COLD_MS, skip: onlyOnce() },
);
