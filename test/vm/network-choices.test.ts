/** What the network is made of: a passt of the machine's own, one that runs already, none; and ports that cannot be had. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import {
  coldTest,
  type MuvmOptions,
  needsUser,
  onlyDriver,
  onlyOnce,
  pathWithout,
  programsMissing,
  REPOSITORY,
  runMuvm,
  type Sandbox,
  startMuvm,
  until,
} from '../framework/index.ts';
import { askAll, type Question } from '../peers/network-client.ts';

const COLD_MS = 120_000;
const PEER = [process.execPath, join(REPOSITORY, 'dist/peers/network.cjs')];
const skip = programsMissing('passt');
const isRoot = process.getuid?.() === 0;

const run = (sandbox: Sandbox, args: readonly string[], options: MuvmOptions = {}) =>
  runMuvm(sandbox, args, { timeoutMs: COLD_MS, ...options });

/** Prints what the guest's card has, but for what it gives itself. */
const CARD = `const {eth0 = []} = require("os").networkInterfaces(); const {readFileSync} = require("fs");
console.log(JSON.stringify({ addresses: eth0.map(({address}) => address).filter((address) => !address.startsWith("fe80")),
  mtu: Number(readFileSync("/sys/class/net/eth0/mtu")), resolvConf: readFileSync("/etc/resolv.conf", "utf8") }))`;

describe('--passt-args', () => {
  coldTest(
    'reach passt word by word, those of files first',
    async (sandbox) => {
      sandbox.writeConfig({ 'passt-args': ["--search 'some.test'"] });
      const { stdout, errors } = await run(sandbox, ['--passt-args=-4 -m 1400', '--', process.execPath, '-e', CARD]);
      expect(errors).toBe('');
      const card = JSON.parse(stdout);
      expect(card.mtu).toBe(1400);
      expect(card.resolvConf).toContain('search some.test\n');
    },
    { timeoutMs: 2 * COLD_MS, skip: skip ?? onlyOnce() },
  );

  coldTest(
    'that passt refuses end the start, with its words',
    async (sandbox) => {
      const { status, errors } = await run(sandbox, ['--passt-args=--no-such-option', '--', 'true']);
      expect(status).toBe(125);
      expect(errors).toMatch(/^muvm: Cannot connect the guest to the network as passt ended [^\n]*--no-such-option/);
    },
    { timeoutMs: COLD_MS, skip: skip ?? onlyOnce() },
  );
});

describe('--passt-socket', () => {
  async function startPasst(sandbox: Sandbox): Promise<{ readonly path: string; readonly passt: ChildProcess }> {
    const path = join(sandbox.files, 'passt.sock');
    // As root it would become nobody, who may not make anything in the sandbox.
    const user = isRoot ? ['--runas', '0'] : [];
    const passt = spawn('passt', ['--foreground', '--quiet', ...user, '--socket', path], { stdio: 'ignore' });
    await until(() => existsSync(path), 10_000);
    return { path, passt };
  }

  coldTest(
    'connects to a passt that runs, which serves no second machine, and outlives the first',
    async (sandbox) => {
      const { path, passt } = await startPasst(sandbox);
      try {
        const first = await run(sandbox, [
          '--linger',
          '60',
          '--passt-socket',
          path,
          '--',
          process.execPath,
          '-e',
          CARD,
        ]);
        expect(first.errors).toBe('');
        expect(JSON.parse(first.stdout).addresses).not.toEqual([]);
        const second = await run(sandbox, ['--name', 'second', '--passt-socket', path, '--', 'true']);
        expect(second.status).toBe(125);
        expect(second.errors).toMatch(/^muvm: Cannot connect the guest to the network as the passt at "[^"]+" hung up/);
        await run(sandbox, ['--stop']);
        expect(passt.exitCode ?? passt.signalCode).toBeNull();
      } finally {
        passt.kill();
      }
    },
    { timeoutMs: 2 * COLD_MS, skip: skip ?? onlyOnce() },
  );

  coldTest(
    'says so where nobody listens',
    async (sandbox) => {
      const { status, errors } = await run(sandbox, ['--passt-socket', join(sandbox.files, 'none'), '--', 'true']);
      expect(status).toBe(125);
      expect(errors).toMatch(/^muvm: Cannot connect to a passt at "[^"]+\/none": no such file or directory/);
    },
    { skip: onlyOnce() },
  );
});

describe('a port of the host', () => {
  coldTest(
    'that is taken is named before anything starts',
    async (sandbox) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const { status, errors } = await run(sandbox, ['-p', `127.0.0.1:${port}:80`, '--', 'true']);
      server.close();
      expect(status).toBe(125);
      expect(errors).toMatch(
        new RegExp(`^muvm: Cannot publish "127.0.0.1:${port}:80/tcp" as tcp port ${port} of this host`),
      );
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'that only root may have is refused to others',
    async (sandbox) => {
      const { status, errors } = await run(sandbox, ['-p', '80', '--', 'true']);
      expect(status).toBe(125);
      expect(errors).toMatch(/^muvm: Cannot publish "80:80\/tcp" as you may not listen on port 80 of this host/);
    },
    // Root may listen on every port.
    { skip: needsUser() },
  );
});

describe('where there is no passt', () => {
  const withoutPasst = (sandbox: Sandbox) => ({ env: { PATH: pathWithout(sandbox, 'passt') } });

  coldTest(
    "QEMU's own network takes its place, with IPv4 both ways and a note",
    async (sandbox) => {
      const options = { ...withoutPasst(sandbox), timeoutMs: COLD_MS };
      const published = ['-p', '127.0.0.1:0:7001', '-p', '127.0.0.1:0:7001/udp'];
      const server = startMuvm(sandbox, ['-i', ...published, '--', ...PEER, 'serve', 'guest', '0.0.0.0/7001'], {
        ...options,
        openInput: true,
      });
      await server.untilOutput('up');
      const [status] = JSON.parse((await run(sandbox, ['--status', '--json'])).stdout);
      const [tcp, udp] = status.publishedPorts.map(({ hostPort }: { hostPort: number }) => hostPort);
      const questions: Question[] = [
        { kind: 'tcp', host: '127.0.0.1', port: tcp, text: 'one' },
        { kind: 'udp', host: '127.0.0.1', port: udp, text: 'two' },
      ];
      expect(await askAll(questions)).toEqual(['guest: one', 'guest: two']);
      expect(await hostAnswers(sandbox)).toBe('from the host');
      server.stdin.end();
      expect((await server.result).stderr).toContain('muvm: note: using QEMU\'s own network, as there is no "passt"');
    },
    { timeoutMs: COLD_MS, skip: onlyDriver('qemu') },
  );

  coldTest(
    'QEMU cannot publish on addresses of IPv6',
    async (sandbox) => {
      const { status, errors } = await run(sandbox, ['-p', '[::1]:0:80', '--', 'true'], withoutPasst(sandbox));
      expect(status).toBe(125);
      expect(errors).toMatch(/^muvm: Cannot publish ports on the IPv6 address "::1" as there is no "passt" in PATH/);
    },
    { skip: onlyDriver('qemu') },
  );

  coldTest(
    'libkrun starts without a network and says so, or refuses what needs one',
    async (sandbox) => {
      const options = withoutPasst(sandbox);
      const { status, stderr } = await run(sandbox, ['--', 'true'], options);
      expect(status).toBe(0);
      expect(stderr).toContain('muvm: note: the guest has no network, as there is no "passt" in PATH');
      const refused = await run(sandbox, ['-p', '8080', '--', 'true'], options);
      expect(refused.status).toBe(125);
      expect(refused.errors).toMatch(/^muvm: Cannot publish ports as there is no "passt" in PATH/);
    },
    { timeoutMs: 2 * COLD_MS, skip: onlyDriver('libkrun') },
  );
});

/** What a server on the host's loopback says to the guest, which has QEMU's own network. */
async function hostAnswers(sandbox: Sandbox): Promise<string> {
  const server = createServer((socket) => socket.end('from the host')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const script = `require("net").connect(${port}, "10.0.2.2").pipe(process.stdout)`;
  const { stdout } = await run(sandbox, ['--', process.execPath, '-e', script]);
  server.close();
  return stdout;
}
