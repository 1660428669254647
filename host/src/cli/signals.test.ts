import { constants } from 'node:os';
import { describe, expect, jest, test } from '@jest/globals';
import type { RunningCommand } from '../exec/index.ts';
import { Interrupted, SignalRelay } from './signals.ts';
import type { RawTerminal } from './terminal.ts';

const { SIGINT, SIGTERM, SIGUSR1 } = constants.signals;

function testCommand() {
  const sent: number[] = [];
  const command: RunningCommand = {
    sendSignal: async (signalNumber) => void sent.push(signalNumber),
    resize: jest.fn<RunningCommand['resize']>(),
  };
  return { command, sent };
}

describe('SignalRelay', () => {
  test('ends the wait for a command that has not started', () => {
    using relay = new SignalRelay(false);
    process.emit('SIGINT', 'SIGINT');
    expect(relay.signal.aborted).toBe(true);
    expect(relay.signal.reason).toBeInstanceOf(Interrupted);
    expect(relay.signal.reason).toMatchObject({ signalNumber: SIGINT });
  });

  test('passes signals on to a command that runs, and remembers them', () => {
    using relay = new SignalRelay(false);
    const { command, sent } = testCommand();
    relay.attach(command, undefined);
    for (const name of ['SIGTERM', 'SIGUSR1', 'SIGINT'] as const) process.emit(name, name);
    expect(sent).toEqual([SIGTERM, SIGUSR1, SIGINT]);
    expect(relay.signal.aborted).toBe(false);
    expect([relay.isFromUser(SIGTERM), relay.isFromUser(9)]).toEqual([true, false]);
  });

  test('ends a client whose terminal is raw by SIGTERM, but passes SIGINT on', () => {
    using relay = new SignalRelay(true);
    const { command, sent } = testCommand();
    relay.attach(command, {} as RawTerminal);
    process.emit('SIGINT', 'SIGINT');
    expect([sent, relay.signal.aborted]).toEqual([[SIGINT], false]);
    process.emit('SIGTERM', 'SIGTERM');
    expect(relay.signal.reason).toMatchObject({ signalNumber: SIGTERM });
  });

  test('leaves no listener behind', () => {
    const count = () =>
      (['SIGINT', 'SIGTERM', 'SIGTSTP', 'SIGCONT'] as const).map((name) => process.listenerCount(name));
    const before = count();
    const relay = new SignalRelay(false);
    relay.attach(testCommand().command, undefined);
    expect(count()).not.toEqual(before);
    relay[Symbol.dispose]();
    expect(count()).toEqual(before);
  });
});
