/** Words that cannot be used: one line each that names the value and what is wanted, status 125, and no machine. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  bootSkipReason,
  createSandbox,
  expectNothingLeft,
  type MuvmOptions,
  needsRoot,
  onlyOnce,
  runMuvm,
  type Sandbox,
  testUnless,
} from '../framework/index.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(async () => {
  await expectNothingLeft(sandbox);
  sandbox[Symbol.dispose]();
});

async function refusal(args: readonly string[], options?: MuvmOptions): Promise<string> {
  const { stdout, stderr, status } = await runMuvm(sandbox, args, options);
  expect({ stdout, status }).toEqual({ stdout: '', status: 125 });
  expect(stderr).toMatch(/^muvm: Cannot [^\n]+\n$/);
  expect(existsSync(sandbox.runRoot)).toBe(false);
  return stderr;
}

const CASES: readonly (readonly [string, readonly string[], readonly (string | RegExp)[]])[] = [
  ['too little memory', ['--mem', '1', 'true'], ['"1"', '--mem', 'at least']],
  ['memory that is no number', ['--mem', 'abc', 'true'], ['"abc"', '--mem']],
  ['a CPU that is not there', ['--cpu-list', '9999', 'true'], ['"9999"', '--cpu-list']],
  ['a variable without a name', ['-e', '=x', 'true'], ['"=x"', '--env']],
  ['a directory that is not there', ['-w', '/nonexistent', 'true'], ['"/nonexistent"', '--workdir']],
  ['a name that leads elsewhere', ['--name', '../x', 'true'], ['"../x"', '--name']],
  ['a terminal where there is none', ['-t', 'true'], ['-t', 'terminal']],
  ['an option that does not exist', ['--memm', '512', 'true'], ['--memm', '--mem']],
  ['a port that is none', ['-p', 'http', 'true'], ['"http"', '--publish', 'GUEST_PORT']],
  ['a port that is neither server', ['--port', '80', 'true'], ['"80"', '3334', '3335']],
  ['no command at all', [], ['command']],
];

describe.each(CASES)('%s', (_, args, words) => {
  testUnless(bootSkipReason() ?? onlyOnce(), 'is refused in one line that says what is wanted', async () => {
    const line = await refusal(args);
    for (const word of words) expect(line.toLowerCase()).toContain(String(word).toLowerCase());
  });
});

testUnless(
  bootSkipReason() ?? onlyOnce(),
  'an unknown key in the configuration is refused with the file and the key',
  async () => {
    sandbox.writeConfig({ memm: 512 });
    const line = await refusal(['true']);
    sandbox.writeConfig({});
    expect(line).toContain('"memm"');
    expect(line).toContain(sandbox.configFile);
  },
);

testUnless(
  bootSkipReason() ?? onlyOnce(),
  'a configuration that is no JSON is refused with the file, the line and the column',
  async () => {
    sandbox.writeConfig('{\n  "mem": 512,\n}');
    const line = await refusal(['true']);
    sandbox.writeConfig({});
    expect(line).toContain(sandbox.configFile);
    expect(line).toContain('line 3, column 1');
  },
);

testUnless(bootSkipReason() ?? onlyOnce(), '--print-config --json prints a file that amounts to the same', async () => {
  const wishes = ['--mem', '512', '-e', 'A=b', '-e', 'HOME', '--linger', '1.5', '--publish-socket', '/run/a:b', '-v'];
  const print = async (...args: string[]) => JSON.parse((await runMuvm(sandbox, ['--print-config', ...args])).stdout);
  const printed = await print('--json', ...wishes);
  sandbox.writeConfig(printed);
  const again = await print('--json');
  sandbox.writeConfig({});
  expect(printed).toMatchObject({ mem: 512, env: ['A=b', 'HOME'], linger: 1.5, verbose: true });
  expect(again).toEqual(printed);
});

testUnless(bootSkipReason() ?? needsRoot() ?? onlyOnce(), 'root is refused without --allow-root', async () => {
  expect(await refusal(['true'], { allowRoot: false })).toContain('--allow-root');
});

testUnless(bootSkipReason() ?? onlyOnce(), '--help and --version print to stdout and need no machine', async () => {
  const help = await runMuvm(sandbox, ['--help']);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toMatch(/^Usage: muvm /);
  expect(Math.max(...help.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect((await runMuvm(sandbox, ['--version'])).stdout).toMatch(/^muvm \d+\.\d+\.\d+\n$/);
});

testUnless(bootSkipReason() ?? onlyOnce(), '--status tells that nothing runs, as [] with --json', async () => {
  expect(await runMuvm(sandbox, ['--status', '--json'])).toMatchObject({ stdout: '[]\n', stderr: '', status: 0 });
  expect((await runMuvm(sandbox, ['--status'])).status).toBe(0);
});

testUnless(bootSkipReason() ?? onlyOnce(), '--stop tells that nothing runs', async () => {
  const { stderr, stdout } = await runMuvm(sandbox, ['--stop']);
  expect(`${stdout}${stderr}`).toMatch(/"default"/);
});
