/** The variables of a command: what comes from the caller, what the guest sets, and how many fit. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { onlyOnce, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();
const uid = process.getuid?.();
const SAME = { skip: onlyOnce() };

/** The whole environment of a command. */
async function environment(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, status } = await vm.run([...args, '--', 'env', '-0'], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return Object.fromEntries(
    stdout
      .split('\0')
      .filter(Boolean)
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  ) as Record<string, string>;
}

const HOST_ONLY = {
  DISPLAY: ':77',
  XAUTHORITY: '/nonexistent/xauth',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/77/bus',
  SSH_AUTH_SOCK: '/run/user/77/agent',
  XDG_SESSION_TYPE: 'wayland',
  LISTEN_FDS: '1',
  NODE_CHANNEL_FD: '',
  MUVM_DEBUG_TRACE: '1',
  GTK_IM_MODULE: 'ibus',
};

describe('variables', () => {
  vm.test(
    'are a few of the caller, and what the guest sets',
    async () => {
      const env = { EDITOR: 'vi', LANG: 'de_DE.UTF-8', LC_TIME: 'C', RUST_LOG: 'debug', ...HOST_ONLY };
      const found = await environment([], env);
      expect(found).toMatchObject({ LANG: 'de_DE.UTF-8', LC_TIME: 'C', RUST_LOG: 'debug', PATH: process.env['PATH'] });
      expect(found).toMatchObject({ GTK_IM_MODULE: 'xim', QT_IM_MODULE: 'xim', XSHMFENCE_NO_MEMFD: '1' });
      expect(found).toMatchObject({ XDG_RUNTIME_DIR: `/run/user/${uid}`, SHELL: expect.stringMatching(/^\//) });
      expect(found['USER']).toBe(found['LOGNAME']);
      for (const name of ['EDITOR', 'TERM', ...Object.keys(HOST_ONLY)].filter((each) => each !== 'GTK_IM_MODULE')) {
        expect(found).not.toHaveProperty(name);
      }
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'are, with --env-inherit, all that mean something in the guest; -e counts over it',
    async () => {
      const env = { EDITOR: 'vi', SHLVL: '3', LINES_OF_IT: 'one\ntwo', ...HOST_ONLY };
      const found = await environment(['--env-inherit', '-e', 'SSH_AUTH_SOCK', '-e', 'GTK_IM_MODULE=fcitx'], env);
      expect(found).toMatchObject({ EDITOR: 'vi', SHLVL: '3', LINES_OF_IT: 'one\ntwo' });
      expect(found).toMatchObject({ SSH_AUTH_SOCK: HOST_ONLY.SSH_AUTH_SOCK, GTK_IM_MODULE: 'fcitx' });
      expect(found['XDG_RUNTIME_DIR']).toBe(`/run/user/${uid}`);
      for (const name of ['DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'LISTEN_FDS', 'NODE_CHANNEL_FD', 'MUVM_DEBUG_TRACE']) {
        expect(found).not.toHaveProperty(name);
      }
    },
    { skip: onlyOnce() },
  );

  vm.test(
    'are inherited where a configuration file says so',
    async () => {
      vm.sandbox.writeConfig({ 'env-inherit': true });
      expect(await environment([], { EDITOR: 'vi' })).toMatchObject({ EDITOR: 'vi' });
      vm.sandbox.writeConfig({});
    },
    SAME,
  );

  vm.test(
    'lead Firefox to a profile of the guest that is there, or to the one that the user made',
    async () => {
      const home = join(vm.sandbox.files, 'home');
      mkdirSync(join(home, '.mozilla/firefox'), { recursive: true });
      const script = 'cd "$XRE_PROFILE_PATH" && touch here && stat -c %a . && pwd';
      const { stdout } = await vm.run(['--', 'sh', '-c', script], { env: { HOME: home } });
      expect(stdout).toBe(`700\n/run/user/${uid}/firefox\n`);
      const kept = join(home, '.mozilla/firefox/muvm-profile');
      mkdirSync(kept, { mode: 0o700 });
      expect((await vm.run(['--', 'sh', '-c', script], { env: { HOME: home } })).stdout).toBe(`700\n${kept}\n`);
    },
    SAME,
  );
});

describe('limits', () => {
  // MAX_ARG_STRLEN of execve(2), with the final zero byte.
  const LONGEST = 131_072;

  vm.test(
    'one variable may be as long as Linux takes it, and not longer',
    async () => {
      const longest = `LONG=${'x'.repeat(LONGEST - 'LONG='.length - 1)}`;
      vm.sandbox.writeConfig({ env: [longest] });
      expect((await vm.run(['--', 'sh', '-c', 'printf %s "$LONG" | wc -c'])).stdout).toBe(`${longest.length - 5}\n`);
      vm.sandbox.writeConfig({ env: [`${longest}x`] });
      const { status, stderr } = await vm.run(['--', 'true']);
      vm.sandbox.writeConfig({});
      expect(status).toBe(125);
      expect(stderr).toMatch(/^muvm: Cannot use [^\n]{1,300} as it must be at most 131071 bytes[^\n]*\n$/);
    },
    SAME,
  );

  vm.test(
    'twenty thousand variables arrive',
    async () => {
      vm.sandbox.writeConfig({ env: Array.from({ length: 20_000 }, (_, index) => `V${index}=${index}`) });
      const { stdout } = await vm.run(['--', 'sh', '-c', 'env | grep -c ^V; echo "$V19999"']);
      vm.sandbox.writeConfig({});
      expect(stdout).toBe('20000\n19999\n');
    },
    SAME,
  );
});
