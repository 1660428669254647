import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { delay } from '@muvm/lifetime';
import { tryLock } from '@muvm/linux';
import { startJanitor } from './janitor.ts';

let root: string;
let runDirectory: string;
let keptLogDirectory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muvm-janitor-'));
  runDirectory = join(root, 'muvm', "it's a name");
  keptLogDirectory = join(root, 'state', 'kept');
  mkdirSync(runDirectory, { recursive: true });
  writeFileSync(join(runDirectory, 'console.log'), 'last words');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition() && tries < 250; tries += 1) await delay(20);
}

test('startJanitor() clears the run directory away when it is dismissed, and keeps the lock until then', async () => {
  const lockFd = openSync(join(runDirectory, 'lock'), 'a');
  expect(tryLock(lockFd)).toBe(true);
  let lost = 0;
  const janitor = startJanitor({ runDirectory, keptLogDirectory, lockFd }, () => {
    lost += 1;
  });
  expect(tryLock(openSync(join(runDirectory, 'lock'), 'a'))).toBe(false);
  const elsewhere = join(root, 'elsewhere');
  writeFileSync(elsewhere, '');
  janitor.made(elsewhere);
  await janitor.dismiss();
  await until(() => !existsSync(join(root, 'muvm')));
  // In good order, the one who made it removes it; by now it may be another's.
  expect(existsSync(elsewhere)).toBe(true);
  expect(existsSync(join(root, 'muvm'))).toBe(false);
  expect(existsSync(keptLogDirectory)).toBe(false);
  expect(lost).toBe(0);
});

test('startJanitor() tells of a janitor that was killed', async () => {
  const lockFd = openSync(join(runDirectory, 'lock'), 'a');
  const lost = new Promise<void>((resolve) => {
    const janitor = startJanitor({ runDirectory, keptLogDirectory, lockFd }, resolve);
    process.kill(janitor.pid as number, 'SIGKILL');
  });
  await lost;
});

test('a supervisor that is killed leaves no process of its group and no file, and its logs are kept', async () => {
  // Stands in for a supervisor: the leader of a group with one helper, and a janitor on a pipe.
  const script = `
    const { spawn } = require('node:child_process');
    const helper = spawn('sleep', ['1000'], { stdio: 'ignore' });
    const janitor = spawn('/bin/sh', ['-c', process.argv[1], 'j', String(process.pid), ...process.argv.slice(2)], {
      detached: true, stdio: ['pipe', 'ignore', 'ignore'],
    });
    janitor.stdin.write('made ' + process.env.MADE + '\\n');
    console.log(helper.pid);
    setInterval(() => {}, 1000);
  `;
  const janitorScript = /const SCRIPT = `([^`]*)`/.exec(readFileSync(join(__dirname, 'janitor.ts'), 'utf8'))?.[1] ?? '';
  const args = ['-e', script, janitorScript, runDirectory, keptLogDirectory, join(root, 'muvm')];
  const made = join(root, 'a socket');
  writeFileSync(made, '');
  const env = { ...process.env, MADE: made };
  const supervisor = spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
  const helperPid = Number(line.toString());
  supervisor.kill('SIGKILL');
  await until(() => !existsSync(join(root, 'muvm')) && !existsSync(`/proc/${helperPid}`));
  expect(existsSync(`/proc/${helperPid}`)).toBe(false);
  expect(existsSync(made)).toBe(false);
  expect(existsSync(join(root, 'muvm'))).toBe(false);
  expect(readFileSync(join(keptLogDirectory, 'console.log'), 'utf8')).toBe('last words');
});
