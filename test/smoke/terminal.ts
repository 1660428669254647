/** `-ti` in a terminal that tmux draws. */
import { expect } from '@jest/globals';
import { openGuestShell, programsMissing, type Terminal, type WarmVm } from '../framework/index.ts';

const SKIP = programsMissing('tmux', 'bash', 'stty');

export function describeTerminal(vm: WarmVm): void {
  /** A test in a terminal whose shell runs in the guest and prompts with `guest$ `. */
  const terminalTest = (name: string, body: (terminal: Terminal) => Promise<void>) => {
    const run = async () => {
      await using terminal = await openGuestShell(vm.sandbox);
      await body(terminal);
    };
    vm.test(name, run, { skip: SKIP });
  };

  terminalTest('has the size of the host terminal and follows a change', async (terminal) => {
    await terminal.type('tty; stty size');
    await terminal.untilScreen(/^\/dev\/pts\/\d+\n24 80$/m);
    await terminal.resize(100, 40);
    await terminal.type('stty size');
    await terminal.untilScreen(/^40 100$/m);
  });

  terminalTest('sends Ctrl-C to the command in the foreground only', async (terminal) => {
    await terminal.type('sh -c "echo going; exec sleep 1000"');
    await terminal.untilScreen(/^going$/m);
    await terminal.sendKeys('C-c');
    await terminal.type('echo after $?');
    await terminal.untilScreen(/^after 130$/m);
  });

  terminalTest('returns the status of the shell and restores the host terminal', async (terminal) => {
    await terminal.type('exit 3');
    await terminal.untilScreen(/^status 3$/m);
    await terminal.type(`clear; stty -a | tr ' ;' '\\n\\n' | grep -cx 'icanon\\|echo\\|isig\\|opost'`);
    expect(await terminal.untilScreen(/^4$/m)).toMatch(/^4$/m);
  });
}
