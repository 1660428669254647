/** A terminal in the guest, driven through tmux as a person would: size, job control, full-screen programs, the end. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import {
  coldTest,
  muvmCommand,
  onlyOnce,
  openGuestShell,
  openTerminal,
  programsMissing,
  quote,
  runMuvm,
  type SkipReason,
  type Terminal,
  until,
  useWarmVm,
} from '../framework/index.ts';

const vm = useWarmVm();

// One process that says when it has begun, so that no key comes too early.
const LONG_JOB = 'sh -c "echo going; exec sleep 1000"';

/** The terminal of the host echoes and reads lines, as a shell found it. */
async function expectCookedMode(terminal: Terminal): Promise<void> {
  await terminal.type(`clear; stty -a | tr ' ;' '\\n\\n' | grep -cx 'icanon\\|echo\\|isig\\|opost'`);
  await terminal.untilScreen(/^4$/m);
}

/** A test in a terminal where a shell of the guest runs, with the prompt `guest$ `. */
function terminalTest(
  name: string,
  body: (terminal: Terminal) => Promise<void>,
  programs: readonly string[] = [],
  skip?: SkipReason,
): void {
  const run = async () => {
    await using terminal = await openGuestShell(vm.sandbox);
    await body(terminal);
  };
  vm.test(name, run, { skip: programsMissing('tmux', 'bash', ...programs) ?? skip });
}

terminalTest('is a terminal of the right size, and follows a change of it', async (terminal) => {
  await terminal.type('tty; stty size');
  await terminal.untilScreen(/^\/dev\/pts\/\d+\n24 80$/m);
  await terminal.resize(100, 40);
  await terminal.type('stty size');
  await terminal.untilScreen(/^40 100$/m);
});

terminalTest(
  'has the size from the first byte on, and TERM',
  async (terminal) => {
    await terminal.type('exit');
    await terminal.untilScreen(/^status 0$/m);
    await terminal.type(`clear; ${quote(muvmCommand(['-t', '--', 'sh', '-c', 'stty size; echo $TERM']))}`);
    await terminal.untilScreen(/^24 80\n(screen|tmux)/m);
  },
  [],
  onlyOnce(),
);

terminalTest('Ctrl-C ends what runs in it, and the shell goes on', async (terminal) => {
  await terminal.type(LONG_JOB);
  await terminal.untilScreen(/^going$/m);
  await terminal.sendKeys('C-c');
  await terminal.type('echo after $?');
  await terminal.untilScreen(/^after 130$/m);
});

terminalTest(
  'Ctrl-Z stops, fg goes on',
  async (terminal) => {
    await terminal.type(LONG_JOB);
    await terminal.untilScreen(/^going$/m);
    await terminal.sendKeys('C-z');
    await terminal.untilScreen(/Stopped\s+sh -c/);
    await terminal.type('clear; fg');
    await terminal.untilScreen(/^sh -c/m);
    await terminal.sendKeys('C-c');
    await terminal.untilScreen(/^guest\$$/m);
    await terminal.type('jobs; echo none left');
    await terminal.untilScreen(/^none left$/m);
  },
  [],
  onlyOnce(),
);

terminalTest(
  'vi draws and edits',
  async (terminal) => {
    writeFileSync(join(vm.sandbox.files, 'poem'), 'first\nsecond\n');
    await terminal.type('vi poem');
    await terminal.untilScreen(/^first\nsecond\n~\n~/m);
    await terminal.sendKeys('G', 'o', 'third', 'Escape');
    await terminal.type(':wq');
    await terminal.untilScreen(/^guest\$$/m);
    await terminal.type('cat poem | tr "\\n" +');
    await terminal.untilScreen(/^first\+second\+third\+/m);
  },
  ['vi'],
  onlyOnce(),
);

terminalTest(
  'less pages and searches',
  async (terminal) => {
    await terminal.type('seq 1 500 | less');
    await terminal.untilScreen(/^1\n2\n3\n/m);
    await terminal.sendKeys('/', '4', '2', '1', 'Enter');
    await terminal.untilScreen(/^421\n422\n/m);
    await terminal.sendKeys('q');
    await terminal.untilScreen(/^guest\$$/m);
  },
  ['less'],
  onlyOnce(),
);

terminalTest(
  'top draws',
  async (terminal) => {
    await terminal.type('top');
    await terminal.untilScreen(/^top - .*load average[\s\S]*PID USER/m);
    await terminal.sendKeys('q');
  },
  ['top'],
  onlyOnce(),
);

terminalTest('exit 3 gives 3, and the terminal of the host is as before', async (terminal) => {
  await terminal.type('exit 3');
  await terminal.untilScreen(/^status 3$/m);
  await expectCookedMode(terminal);
});

coldTest(
  'the terminal of the host is as before, also when the machine is killed meanwhile',
  async (sandbox) => {
    await using terminal = await openTerminal(sandbox);
    const words = muvmCommand(['-ti', '-e', 'PS1=guest$ ', '--', 'bash', '--norc', '--noprofile']);
    await terminal.type(`clear; ${quote(words)}; echo "status $?"`);
    await terminal.untilScreen(/^guest\$$/m, 90_000);
    const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as [{ vmmPid: number }];
    process.kill(facts.vmmPid, 'SIGKILL');
    await terminal.untilScreen(/muvm: .*ended[\s\S]*^status 125$/m);
    await expectCookedMode(terminal);
  },
  { skip: programsMissing('tmux', 'bash') ?? onlyOnce() },
);

terminalTest('the last output before an end arrives', async (terminal) => {
  await terminal.type('exit');
  await terminal.untilScreen(/^status 0$/m);
  const words = quote(muvmCommand(['-t', '--', 'sh', '-c', 'seq 1 2000; echo the end']));
  for (let count = 0; count < 3; count += 1) {
    await terminal.type(`clear; ${words}; echo "status $?"`);
    await terminal.untilScreen(/^2000\nthe end\nstatus 0$/m);
  }
});

terminalTest('the client that is killed takes its shell with it', async (terminal) => {
  await terminal.type('sleep 1234 & wait');
  const isThere = async () => (await vm.run(['--', 'pgrep', '-f', 'sleep 123[4]'])).status === 0;
  expect(await until(isThere, 10_000)).toBe(true);
  await terminal[Symbol.asyncDispose]();
  expect(await until(async () => !(await isThere()), 15_000)).toBe(true);
});
