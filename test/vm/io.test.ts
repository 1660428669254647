/** Streams: much data, early ends, many commands at once, and memory that stays flat. */
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect } from '@jest/globals';
import { runCommand } from '../../host/src/exec/index.ts';
import { onlyOnce, rssBytes, scaled, until, useWarmVm } from '../framework/index.ts';

// The tests count the commands of the VM.
const vm = useWarmVm([], { own: true });
const MIB = 1024 * 1024;
const LONG_MS = 240_000;

interface Status {
  readonly supervisorPid: number;
  readonly agentRssBytes: number;
  readonly commands: { readonly attached: number };
}

async function status(): Promise<Status> {
  const [first] = JSON.parse((await vm.run(['--status', '--json'])).stdout) as Status[];
  if (!first) throw new Error('No machine runs');
  return first;
}

const noCommandIsLeft = () => until(async () => (await status()).commands.attached === 0, 8000);

vm.test(
  'much data arrives whole, in both directions',
  async () => {
    const file = join(vm.sandbox.files, 'random');
    const bytes = randomFillSync(Buffer.alloc(scaled(200) * MIB));
    writeFileSync(file, bytes);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const into = vm.start(['-i', '--', 'sha256sum'], { openInput: true, timeoutMs: LONG_MS });
    await pipeline(createReadStream(file), into.stdin);
    expect(await into.result).toMatchObject({ stdout: `${sum}  -\n`, stderr: '', status: 0 });
    const out = await vm.run(['--', 'cat', file], { timeoutMs: LONG_MS });
    expect(createHash('sha256').update(out.stdoutBytes).digest('hex')).toBe(sum);
  },
  { timeoutMs: LONG_MS },
);

vm.test(
  'a command that reads one line of endless input ends at once',
  async () => {
    const client = vm.start(['-i', '--', 'head', '-1'], { openInput: true });
    client.stdin.on('error', () => {});
    const feed = setInterval(() => client.stdin.writable && client.stdin.write('y\n'.repeat(1000)), 1);
    const result = await client.result;
    clearInterval(feed);
    expect(result).toMatchObject({ stdout: 'y\n', stderr: '', status: 0 });
    expect(await noCommandIsLeft()).toBe(true);
  },
  { skip: onlyOnce() },
);

vm.test(
  'a reader that goes away ends the command, without an error text',
  async () => {
    const client = vm.start(['--', 'yes']);
    await client.untilOutput('y\n');
    client.stdout.destroy();
    const result = await client.result;
    expect({ stderr: result.stderr, timedOut: result.timedOut }).toEqual({ stderr: '', timedOut: false });
    expect(await noCommandIsLeft()).toBe(true);
  },
  { skip: onlyOnce() },
);

vm.test('a reader that stalls stops the command, and memory stays flat', async () => {
  const before = await status();
  const client = vm.start(['--', 'sh', '-c', 'head -c 300000000 /dev/zero']);
  client.stdout.removeAllListeners('data');
  client.stdout.pause();
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const during = await status();
  expect(during.agentRssBytes - before.agentRssBytes).toBeLessThan(64 * MIB);
  expect((rssBytes(during.supervisorPid) ?? 0) - (rssBytes(before.supervisorPid) ?? 0)).toBeLessThan(64 * MIB);
  expect(await vm.run(['--', 'echo', 'others go on'])).toMatchObject({ stdout: 'others go on\n' });
  client.kill('SIGKILL');
  expect(await noCommandIsLeft()).toBe(true);
});

/** One command over the client's own code, without a process of its own. */
async function exec(...argv: string[]): Promise<string> {
  const chunks: Buffer[] = [];
  const sink = () => new Writable({ write: (chunk: Buffer, _, done) => done(void chunks.push(chunk)) });
  const start = { argv, env: {}, workdir: '/', stdin: false, detach: false };
  const options = { vmName: 'default', signal: new AbortController().signal };
  const socket = join(vm.sandbox.runRoot, 'default', 'guest.sock');
  const end = await runCommand(socket, start, { stdout: sink(), stderr: sink() }, options);
  return `${Buffer.concat(chunks).toString()}${end.how === 'exited' ? end.code : end.how}`;
}

vm.test(
  'many commands at once, and many clients at once, are all right',
  async () => {
    const wanted = Array.from({ length: scaled(100) }, (_, index) => `${index}\n0`);
    expect(await Promise.all(wanted.map((_, index) => exec('/bin/echo', `${index}`)))).toEqual(wanted);
    const clients = Array.from({ length: scaled(20) }, (_, index) => vm.run(['--', 'echo', `${index}`]));
    const results = await Promise.all(clients);
    expect(results.map(({ stdout, status }) => `${stdout}${status}`)).toEqual(wanted.slice(0, scaled(20)));
  },
  { timeoutMs: LONG_MS },
);

vm.test(
  'many commands one after another leave the memory of agent and supervisor flat',
  async () => {
    for (let count = 0; count < scaled(200); count += 1) expect(await exec('/bin/true')).toBe('0');
    const before = await status();
    const supervisorBefore = rssBytes(before.supervisorPid) ?? 0;
    for (let count = 0; count < scaled(800); count += 1) expect(await exec('/bin/true')).toBe('0');
    const after = await status();
    expect(after.agentRssBytes / before.agentRssBytes).toBeLessThan(1.5);
    expect((rssBytes(after.supervisorPid) ?? 0) / supervisorBefore).toBeLessThan(1.5);
  },
  { timeoutMs: 2 * LONG_MS, skip: onlyOnce() },
);

vm.test(
  'input that ends without a newline arrives whole',
  async () => {
    expect((await vm.run(['-i', '--', 'cat'], { input: 'no newline' })).stdout).toBe('no newline');
  },
  { skip: onlyOnce() },
);
