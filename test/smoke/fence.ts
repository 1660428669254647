/** A fence of libxshmfence as X11 drivers make it: a file that a host could share. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@jest/globals';
import { REPOSITORY, type RunningMuvm, type SkipReason, type WarmVm } from '../framework/index.ts';

const CLIENT = join(REPOSITORY, 'dist/peers/fence-client.cjs');
const LIBRARY = 'libxshmfence.so.1';
const VARIABLE = 'XSHMFENCE_NO_MEMFD';

/** Why the fences of this host are memfds: libxshmfence 1.3.3 is the first that reads the variable. */
function fenceSkipReason(): SkipReason {
  const multiarch = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  for (const directory of [...multiarch, '', '../lib64']) {
    try {
      const isNew = readFileSync(join('/usr/lib', directory, LIBRARY)).includes(VARIABLE);
      return isNew ? undefined : `${LIBRARY} is older than 1.3.3: it does not read ${VARIABLE}`;
    } catch {
      // Another directory has it.
    }
  }
  return `${LIBRARY} is not installed`;
}

type Fact = Readonly<Record<string, unknown>>;

/** The conversation with fence-client.cjs: a line to it, and its answers in order. */
function talkTo(client: RunningMuvm) {
  const facts = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  const hear = async () => JSON.parse((await facts.next()).value as string) as Fact;
  const ask = (command: string) => {
    client.stdin.write(`${command}\n`);
    return hear();
  };
  return { ask, hear };
}

export function describeFence(vm: WarmVm): void {
  vm.test(
    'is a file in /dev/shm rather than a memfd, and wakes the thread that waits for it',
    async () => {
      const client = vm.start(['-i', '--', process.execPath, CLIENT], { openInput: true });
      const { ask, hear } = talkTo(client);
      const { pid } = await hear();
      const { fd } = await ask('alloc');
      const { stdout } = await vm.run(['--', 'readlink', `/proc/${pid}/fd/${fd}`]);
      expect(stdout).toMatch(/^\/dev\/shm\/\S+( \(deleted\))?\n$/);
      expect(await ask('query')).toEqual({ query: 0 });
      expect(await ask('start await')).toMatchObject({ started: 'await' });
      const replies = [await ask('trigger'), await hear()];
      expect(replies).toEqual(expect.arrayContaining([{ triggered: 0 }, { done: 'await', result: 0 }]));
      expect(await ask('query')).toEqual({ query: 1 });
      client.stdin.end();
      expect((await client.result).status).toBe(0);
    },
    { skip: fenceSkipReason() },
  );
}
