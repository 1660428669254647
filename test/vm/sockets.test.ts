/** Unix sockets of the host in the guest, and of the guest on the host. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect } from '@jest/globals';
import { coldTest, onlyOnce, programsMissing, runMuvm, type Sandbox, startMuvm, until } from '../framework/index.ts';

const COLD_MS = 120_000;
const NODE = process.execPath;

/** A server of the host that sends back what comes. */
async function echoServer(path: string): Promise<Disposable> {
  const server: Server = createServer((socket) => socket.pipe(socket).on('error', () => {})).listen(path);
  await once(server, 'listening');
  return { [Symbol.dispose]: () => void server.close() };
}

/** What a program in the guest does: sends a text to a socket and prints the answer. */
const ask = (path: string, text: string) =>
  `require("net").connect(${JSON.stringify(path)}).on("error", (e) => { console.log(e.code); process.exit(1); }).end(${JSON.stringify(text)}).pipe(process.stdout)`;

async function askOnHost(path: string, text: string): Promise<string> {
  const socket = createConnection({ path });
  socket.end(text);
  return String(await buffer(socket));
}

describe('--socket', () => {
  coldTest(
    'is there at the same path, or at another, over a file of the host or in a place of the guest',
    async (sandbox) => {
      const path = join(sandbox.files, 'host.sock');
      using _server = await echoServer(path);
      const own = `/run/user/${process.getuid?.()}/some where/echo.sock`;
      const options = ['--linger', '60', '--socket', path, '--socket', `${path}:${own}`];
      const { stdout, errors } = await runMuvm(sandbox, [...options, '--', NODE, '-e', ask(path, 'over the file')], {
        timeoutMs: COLD_MS,
      });
      expect({ stdout, errors }).toEqual({ stdout: 'over the file', errors: '' });
      expect((await runMuvm(sandbox, ['--', NODE, '-e', ask(own, 'in its own place')])).stdout).toBe(
        'in its own place',
      );
      // The host's socket is the one it was.
      expect(await askOnHost(path, 'still here')).toBe('still here');
      const listing = await runMuvm(sandbox, ['--', 'stat', '-c', '%U %a %F', own]);
      expect(listing.stdout).toMatch(/^\S+ 600 socket\n$/);
      await runMuvm(sandbox, ['--stop']);
    },
    { timeoutMs: COLD_MS },
  );

  coldTest(
    'that cannot be made in the guest fails the start, with the path and the reason',
    async (sandbox) => {
      const path = join(sandbox.files, 'host.sock');
      using _server = await echoServer(path);
      const missing = join(sandbox.files, 'missing.sock');
      const { status, errors } = await runMuvm(sandbox, ['--socket', `${path}:${missing}`, '--', 'true'], {
        timeoutMs: COLD_MS,
      });
      expect(status).toBe(125);
      expect(errors).toMatch(/^muvm: [^\n]*"sockets"[^\n]*missing\.sock[^\n]*\n$/);
      expect(existsSync(missing)).toBe(false);
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'leads to the agent of ssh, for 20 programs at once',
    async (sandbox) => {
      const path = join(sandbox.files, 'agent.sock');
      const agent = spawn('ssh-agent', ['-D', '-a', path], { stdio: 'ignore' });
      try {
        await until(() => existsSync(path), 10_000);
        const key = join(sandbox.files, 'key');
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'a key of the host', '-f', key]);
        execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: path }, stdio: 'ignore' });
        const script = 'for i in $(seq 20); do ssh-add -l & done; wait';
        const words = ['--socket', path, '-e', `SSH_AUTH_SOCK=${path}`, '--', 'sh', '-c', script];
        const { stdout, errors } = await runMuvm(sandbox, words, { timeoutMs: COLD_MS });
        expect(errors).toBe('');
        expect(stdout.match(/a key of the host \(ED25519\)\n/g)).toHaveLength(20);
      } finally {
        agent.kill();
      }
    },
    { timeoutMs: COLD_MS, skip: programsMissing('ssh-agent', 'ssh-add', 'ssh-keygen') },
  );
});

describe('--publish-socket', () => {
  const serve = (path: string) =>
    `require("net").createServer((s) => s.pipe(s)).listen(${JSON.stringify(path)}, () => console.log("up"))`;

  async function publish(sandbox: Sandbox) {
    const inGuest = `/run/user/${process.getuid?.()}/guest.sock`;
    const onHost = join(sandbox.files, 'published.sock');
    const words = ['--publish-socket', `${inGuest}:${onHost}`, '--', NODE, '-e', serve(inGuest)];
    const client = startMuvm(sandbox, words, { timeoutMs: COLD_MS });
    await client.untilOutput('up');
    return { client, onHost };
  }

  coldTest(
    'leads from the host to a server in the guest, and goes with the machine',
    async (sandbox) => {
      const { client, onHost } = await publish(sandbox);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => askOnHost(onHost, `${index}`)));
      expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
      expect((statSync(onHost).mode & 0o777).toString(8)).toBe('600');
      client.kill('SIGKILL');
      await client.result;
      expect(await until(() => !existsSync(onHost), 10_000)).toBe(true);
    },
    { timeoutMs: COLD_MS },
  );

  coldTest(
    'goes even where the supervisor is killed',
    async (sandbox) => {
      const { client, onHost } = await publish(sandbox);
      const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout);
      process.kill(facts.supervisorPid, 'SIGKILL');
      expect((await client.result).status).toBe(125);
      expect(await until(() => !existsSync(onHost), 5000)).toBe(true);
    },
    { timeoutMs: COLD_MS, skip: onlyOnce() },
  );

  coldTest(
    'refuses a path that is taken',
    async (sandbox) => {
      const { status, errors } = await runMuvm(
        sandbox,
        ['--publish-socket', `/run/x.sock:${process.execPath}`, '--', 'true'],
        { timeoutMs: COLD_MS },
      );
      expect(status).toBe(125);
      expect(errors).toMatch(/^muvm: Cannot publish a socket of the guest as "[^"]+": address already in use/);
    },
    { skip: onlyOnce() },
  );
});
