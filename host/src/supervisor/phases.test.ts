import { expect, test } from '@jest/globals';
import { BOOT_MARKS } from '@muvm/protocol/contract';
import { Phases } from './phases.ts';

async function all(phases: Phases): Promise<string[]> {
  const names: string[] = [];
  for await (const event of phases.follow()) {
    if ('phase' in event) names.push(event.phase);
    else names.push('notice' in event ? `note: ${event.notice}` : `step: ${event.step.name}`);
  }
  return names;
}

test('Phases finds the marks of the guest in its console, wherever the chunks are cut', () => {
  const phases = new Phases();
  const console = `[ 0.1] kernel says\r\n${BOOT_MARKS.init}\r\n${BOOT_MARKS.agent}\r\n`;
  for (const byte of console) phases.readConsole(Buffer.from(byte));
  expect(phases.reached.map(({ phase }) => phase)).toEqual(['init', 'agent']);
});

test('Phases.follow() gives the phases so far, then each new one, until the guest is ready', async () => {
  const phases = new Phases();
  phases.reach('supervisor');
  const followed = all(phases);
  await Promise.resolve();
  phases.note('no GPU');
  phases.reach('virtual machine');
  phases.reach('virtual machine');
  phases.reach('ready');
  expect(await followed).toEqual(['supervisor', 'note: no GPU', 'virtual machine', 'ready']);
  expect(await all(phases)).toEqual(['supervisor', 'note: no GPU', 'virtual machine', 'ready']);
  expect(phases.reached.map(({ phase }) => phase)).toEqual(['supervisor', 'virtual machine', 'ready']);
});

test('Phases.follow() ends with a start that fails', async () => {
  const phases = new Phases();
  phases.reach('supervisor');
  const followed = all(phases);
  await Promise.resolve();
  phases.end();
  expect(await followed).toEqual(['supervisor']);
});
