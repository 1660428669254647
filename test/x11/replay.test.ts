/**
 * What real programs and an X server said to each other, through the engine: what comes out is what went in but for what the
 * policy changes, which is told by a reader that sees the whole (expectation.ts), wherever the pieces are cut.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { random } from '../../packages/x11/src/testing/messages.ts';
import { crossDomainEngine, socketEngine } from './engine.ts';
import { type Expectation, expectationOf, HIDDEN, HIDDEN_FROM_GPU, type Policy } from './expectation.ts';
import { clientFrames, serverFrames } from './frames.ts';
import { cutAnew, replay } from './replay.ts';
import { connectionsOf, type Piece, packTrace, readTrace, streamOf, TRACES, traceNames, unpackTrace } from './trace.ts';

const SEEDS = 12;
/** Byte for byte takes long; this much of each is enough to meet every kind of message. */
const SINGLE_BYTES_MAX = 60_000;
/** Of a message that is not whole. */
const HELD_BYTES_MAX = 64;
const TRACE_BYTES_MAX = 200 * 1024;
const TOTAL_BYTES_MAX = 2 * 1024 * 1024;

const names = traceNames();
const policyOf = (opcodes: Policy['opcodes']): Policy => ({ hidden: HIDDEN, opcodes });

const expectedOf = (pieces: readonly Piece[], policy: Policy) =>
  expectationOf(streamOf(pieces, 'client'), streamOf(pieces, 'server'), policy) as Expectation;

/** Compared as a whole: a difference of buffers is too long to print. */
function expectReplayed(pieces: readonly Piece[], policy: Policy, cut: Parameters<typeof cutAnew>[1]): void {
  const expected = expectedOf(pieces, policy);
  const engine = socketEngine(policy);
  const passed = replay(cutAnew(pieces, cut), engine);
  expect({
    toServer: passed.toServer.equals(expected.toServer),
    toClient: passed.toClient.equals(expected.toClient),
    openQuestions: engine.openQuestions,
    heldBytes: engine.heldBytes,
  }).toEqual({ toServer: true, toClient: true, openQuestions: expected.openQuestions, heldBytes: 0 });
}

/** The first pieces of a connection, until there are enough. */
function beginning(pieces: readonly Piece[]): Piece[] {
  let bytes = 0;
  const end = pieces.findIndex((piece) => {
    bytes += piece.bytes.length;
    return bytes > SINGLE_BYTES_MAX;
  });
  return end < 0 ? [...pieces] : pieces.slice(0, end);
}

describe.each(names)('%s', (name) => {
  const trace = readTrace(name);
  const policy = policyOf(trace.opcodes);
  const connections = connectionsOf(trace);

  test('passes as it is, but for what is hidden, wherever it is cut', () => {
    for (const pieces of connections) {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const next = random(seed);
        expectReplayed(pieces, policy, { random: next, bytesMax: 1 + next(seed % 3 === 0 ? 65_536 : 600) });
      }
    }
  });

  test('passes byte for byte', () => {
    for (const pieces of connections) {
      const expected = expectedOf(pieces, policy);
      const engine = socketEngine(policy);
      const passed = replay(cutAnew(beginning(pieces), { random: () => 0, bytesMax: 1 }), engine);
      expect({
        toServer: expected.toServer.subarray(0, passed.toServer.length).equals(passed.toServer),
        toClient: expected.toClient.subarray(0, passed.toClient.length).equals(passed.toClient),
        isHoldingLittle: engine.heldBytes < HELD_BYTES_MAX,
      }).toEqual({ toServer: true, toClient: true, isHoldingLittle: true });
    }
  });

  test('passes as it is where descriptors can cross too', () => {
    for (const pieces of connections) {
      const expected = expectedOf(pieces, { hidden: HIDDEN_FROM_GPU, opcodes: trace.opcodes });
      const engine = crossDomainEngine({ hidden: HIDDEN_FROM_GPU, opcodes: trace.opcodes });
      const next = random(5);
      const passed = replay(cutAnew(pieces, { random: next, bytesMax: 600, isCausal: true }), engine);
      expect({
        toServer: passed.toServer.equals(expected.toServer),
        toClient: passed.toClient.equals(expected.toClient),
        openQuestions: engine.openQuestions,
      }).toEqual({ toServer: true, toClient: true, openQuestions: expected.openQuestions });
    }
  });

  test('is whole: each side ends with a whole message', () => {
    for (const pieces of connections) {
      const client = clientFrames(streamOf(pieces, 'client'), trace.opcodes['BIG-REQUESTS']);
      const server = serverFrames(streamOf(pieces, 'server'), client?.isLittle ?? true);
      expect([client?.rest.length, client?.fault, server?.rest.length]).toEqual([0, undefined, 0]);
    }
  });
});

describe('the traces', () => {
  test('are of many programs, and small', () => {
    expect(names.length).toBeGreaterThanOrEqual(14);
    const bytes = names.map((name) => statSync(join(TRACES, `${name}.gz`)).size);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(TRACE_BYTES_MAX);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(TOTAL_BYTES_MAX);
  });

  test('have what an engine must know: both byte orders, BIG-REQUESTS, and extensions that are hidden', () => {
    const met = new Set<string>();
    for (const { opcodes, ...trace } of names.map(readTrace)) {
      for (const pieces of connectionsOf(trace)) {
        const frames = clientFrames(streamOf(pieces, 'client'), opcodes['BIG-REQUESTS']);
        met.add(frames?.isLittle ? 'little-endian' : 'big-endian');
        for (const { opcode, isBig } of frames?.requests ?? []) {
          if (isBig) met.add('BIG-REQUESTS');
          for (const [name, number] of Object.entries(opcodes)) if (number === opcode) met.add(name);
        }
      }
    }
    expect([...met]).toEqual(expect.arrayContaining(['little-endian', 'big-endian', 'BIG-REQUESTS', 'MIT-SHM']));
  });

  test('can be read as they were written', () => {
    const trace = readTrace(names[0] as string);
    expect(unpackTrace(packTrace(trace))).toEqual(trace);
  });
});
