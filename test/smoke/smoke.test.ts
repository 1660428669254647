/** What a user meets first, on any host and with either driver. One VM serves all cases but the cold start. */
import { describe, expect } from '@jest/globals';
import { coldTest, runMuvm, useWarmVm } from '../framework/index.ts';
import { describeCpus } from './cpus.ts';
import { describeExec } from './exec.ts';
import { describeFence } from './fence.ts';
import { describeFiles } from './files.ts';
import { describePorts } from './ports.ts';
import { describeSockets } from './sockets.ts';
import { useSurroundings } from './surroundings.ts';
import { describeTerminal } from './terminal.ts';
import { describeX11 } from './x11.ts';

describe('a cold start', () => {
  coldTest('runs one command and leaves nothing behind', async (sandbox) => {
    const { stdout, errors, status } = await runMuvm(sandbox, ['--', 'echo', 'up'], { timeoutMs: 120_000 });
    expect({ stdout, errors, status }).toEqual({ stdout: 'up\n', errors: '', status: 0 });
  });
});

const surroundings = useSurroundings();
const vm = useWarmVm(surroundings.options, { options: () => ({ env: surroundings.env }) });

describe('a command', () => describeExec(vm));
describe('a terminal', () => describeTerminal(vm));
describe('the shared files', () => describeFiles(vm));
describe('a published port', () => describePorts(vm));
describe('--socket', () => describeSockets(vm, surroundings));
describe('an X11 program', () => describeX11(vm, surroundings));
describe('a fence', () => describeFence(vm));
describe('two CPUs', () => describeCpus(vm, surroundings));
