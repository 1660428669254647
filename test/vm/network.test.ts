/** The guest's network: names, servers of both sides, ports of the guest on the host, great transfers. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  createSandbox,
  HOUSE,
  houseSkipReason,
  type NetworkHouse,
  onlyOnce,
  openNetworkHouse,
  REPOSITORY,
  type Sandbox,
  scaled,
  until,
  useWarmVm,
} from '../framework/index.ts';
import { hashOfPieces } from '../peers/network-bytes.ts';
import type { Question } from '../peers/network-client.ts';

const PEER = [process.execPath, join(REPOSITORY, 'dist/peers/network.cjs')];
const TIMEOUT_MS = 120_000;
const BULK_TIMEOUT_MS = 400_000;
const BULK_BYTES = scaled(200) * 1_000_000;

/** Of the servers in the house, and of those in the guest. */
const PORT = 7000;
const GUEST_PORTS = [7001, 7002];
const PUBLISHED = ['8080:7001', '8080:7001/udp', '[::1]:8081:7001/udp', '9001-9002:7001-7002', '0:7002'];

let sandbox: Sandbox;
let house: NetworkHouse;
const servers: ReturnType<typeof spawn>[] = [];
const skip = houseSkipReason();

/** Starts a server that ends with us. Resolves when it is up. */
async function startServer(words: readonly string[]): Promise<void> {
  const [program, ...args] = words as [string, ...string[]];
  const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: sandbox.env });
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.stdout?.once('data', () => resolve());
    server.once('exit', (code) => reject(new Error(`A server ended with status ${code}: ${words.join(' ')}`)));
  });
  server.removeAllListeners('exit');
}

function inHouse(...words: string[]): string[] {
  return [...house.enterAsRoot, ...PEER, ...words];
}

async function openHouse(): Promise<void> {
  sandbox = createSandbox();
  house = await openNetworkHouse(sandbox);
  const { elsewhere, elsewhereV6, resolver, domain } = HOUSE;
  const addresses = [elsewhere, elsewhereV6, '127.0.0.1', '::1'].map((address) => `${address}/${PORT}`);
  await Promise.all([
    startServer(inHouse('serve', 'host', ...addresses)),
    startServer(inHouse('names', resolver, `server.${domain}=${elsewhere}`)),
  ]);
}

beforeAll(openHouse, TIMEOUT_MS);

const vm = useWarmVm(
  PUBLISHED.flatMap((ports) => ['-p', ports]),
  { skip, options: () => ({ enter: house.enter }) },
);

afterAll(() => {
  for (const server of servers) server.stdin?.end();
  house[Symbol.dispose]();
  sandbox[Symbol.dispose]();
});

/** Answers to questions that the guest asks. */
async function guestAsks(questions: readonly Question[], timeoutMs = TIMEOUT_MS): Promise<string[]> {
  const { stdout, stderr } = await vm.run(['--', ...PEER, 'ask', JSON.stringify(questions)], { timeoutMs });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

/** Answers to questions that the host of the guest asks. */
async function houseAsks(questions: readonly Question[]): Promise<string[]> {
  const [program, ...args] = inHouse('ask', JSON.stringify(questions)) as [string, ...string[]];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: sandbox.env });
  let stdout = '';
  for await (const chunk of child.stdout) stdout += chunk;
  return JSON.parse(stdout) as string[];
}

const say = (kind: 'tcp' | 'udp', host: string, port: number): Question => ({
  kind,
  host,
  port,
  text: `${kind} ${host}`,
});
const saidBy = (side: string, questions: readonly Question[]) =>
  questions.map((question) => ('text' in question ? `${side}: ${question.text}` : ''));

describe('the guest', () => {
  vm.test(
    "asks the host's resolver for names, though that listens on the host's loopback",
    async () => {
      const answers = await guestAsks([
        { kind: 'name', host: `server.${HOUSE.domain}`, family: 4 },
        { kind: 'name', host: 'server', family: 4 },
        { kind: 'name', host: `missing.${HOUSE.domain}`, family: 4 },
      ]);
      expect(answers).toEqual([HOUSE.elsewhere, HOUSE.elsewhere, 'error: ENOTFOUND']);
    },
    { timeoutMs: TIMEOUT_MS, skip: onlyOnce() },
  );

  vm.test(
    'reaches servers by TCP and UDP, over IPv4 and IPv6',
    async () => {
      const hosts = [HOUSE.elsewhere, HOUSE.elsewhereV6];
      const questions = hosts.flatMap((host) => [say('tcp', host, PORT), say('udp', host, PORT)]);
      expect(await guestAsks(questions)).toEqual(saidBy('host', questions));
    },
    { timeoutMs: TIMEOUT_MS },
  );

  vm.test(
    "reaches the host's loopback at the address of its gateway",
    async () => {
      const hosts = [HOUSE.gateway, HOUSE.gatewayV6];
      const questions = hosts.flatMap((host) => [say('tcp', host, PORT), say('udp', host, PORT)]);
      expect(await guestAsks(questions)).toEqual(saidBy('host', questions));
      expect(await guestAsks([say('tcp', '127.0.0.1', PORT)])).toEqual(['error: ECONNREFUSED']);
    },
    { timeoutMs: TIMEOUT_MS, skip: onlyOnce() },
  );
});

describe('a published port', () => {
  vm.test(
    'leads to a server in the guest: TCP, UDP, IPv4, IPv6, in a row, and one that was free',
    async () => {
      const listen = GUEST_PORTS.map((port) => `::/${port}`);
      const server = vm.start(['-i', '--', ...PEER, 'serve', 'guest', ...listen], {
        openInput: true,
        timeoutMs: TIMEOUT_MS,
      });
      await server.untilOutput('up');
      const status = JSON.parse((await vm.run(['--status', '--json'])).stdout)[0];
      const chosen = status.publishedPorts.at(-1).hostPort;
      const questions = [
        say('tcp', '127.0.0.1', 8080),
        say('udp', '127.0.0.1', 8080),
        say('tcp', HOUSE.address, 8080),
        say('tcp', '::1', 8080),
        say('udp', '::1', 8081),
        say('tcp', '127.0.0.1', 9001),
        say('tcp', '127.0.0.1', 9002),
        say('tcp', '127.0.0.1', chosen),
      ];
      expect(await houseAsks(questions)).toEqual(saidBy('guest', questions));
      server.stdin.end();
      expect((await server.result).status).toBe(0);
    },
    { timeoutMs: TIMEOUT_MS },
  );

  vm.test(
    'stands for later commands too, and one that is not there is refused',
    async () => {
      expect(await vm.run(['-p', '8080:7001', '-p', '0:7002', '--', 'true'])).toMatchObject({ status: 0, stderr: '' });
      const { status, stderr } = await vm.run(['-p', '8082:7001', '--', 'true']);
      expect(status).toBe(125);
      // Those of files are for the machines that they start.
      vm.sandbox.writeConfig({ publish: ['8083:7001'] });
      expect(await vm.run(['-p', '8080:7001', '--', 'true'])).toMatchObject({ status: 0, stderr: '' });
      vm.sandbox.writeConfig({});
      expect(stderr).toMatch(/^muvm: Cannot publish "8082:7001\/tcp" as VM "default" runs already, without it/);
    },
    { skip: onlyOnce() },
  );
});

describe('many megabytes', () => {
  vm.test(
    'arrive unchanged, from the host and from the guest',
    async () => {
      const expected = hashOfPieces(BULK_BYTES);
      const where = { host: HOUSE.elsewhere, port: PORT, bytes: BULK_BYTES };
      const answers = await guestAsks(
        [
          { kind: 'fetch', ...where },
          { kind: 'push', ...where },
        ],
        BULK_TIMEOUT_MS,
      );
      expect(answers).toEqual([expected, expected]);
    },
    { timeoutMs: BULK_TIMEOUT_MS },
  );
});

describe('without passt', () => {
  vm.test(
    'that ended, commands run on, and the log says it once',
    async () => {
      const [{ helperPids }] = JSON.parse((await vm.run(['--status', '--json'])).stdout);
      process.kill(helperPids.passt, 'SIGKILL');
      const notice = 'the guest has no network, as passt was killed by SIGKILL';
      const isTold = async () => (await vm.run(['--logs'])).stdout.includes(notice);
      expect(await until(isTold, 20_000)).toBe(true);
      expect((await vm.run(['--logs'])).stdout.split(notice)).toHaveLength(2);
      expect((await vm.run(['--', 'echo', 'on'])).stdout).toBe('on\n');
    },
    { skip: onlyOnce() },
  );
});
