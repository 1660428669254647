import { describe, expect, test } from '@jest/globals';
import type { PartRow } from '../target.ts';
import { planTargets } from './plan.ts';

const TABLE: readonly PartRow[] = [
  { name: 'x11', targets: ['host'] },
  { name: 'warm-exec', targets: ['qemu', 'libkrun'] },
  { name: 'relay', targets: ['qemu'] },
  { name: 'cold-start', targets: ['qemu', 'libkrun'] },
];

describe('planTargets()', () => {
  test.each([
    {
      why: 'plans every part for its targets',
      request: { parts: [] },
      plan: { host: ['x11'], qemu: ['warm-exec', 'relay', 'cold-start'], libkrun: ['warm-exec', 'cold-start'] },
    },
    {
      why: 'keeps the order of the table',
      request: { parts: ['cold-start', 'warm-exec'], driver: 'qemu' },
      plan: { qemu: ['warm-exec', 'cold-start'] },
    },
    {
      why: 'leaves the host out for one driver',
      request: { parts: [], driver: 'libkrun' },
      plan: { libkrun: ['warm-exec', 'cold-start'] },
    },
    {
      why: 'measures a part of the host by its name beside any driver',
      request: { parts: ['x11', 'relay'], driver: 'qemu' },
      plan: { host: ['x11'], qemu: ['relay'] },
    },
    {
      why: 'takes an empty driver for both',
      request: { parts: ['warm-exec'], driver: '' },
      plan: { qemu: ['warm-exec'], libkrun: ['warm-exec'] },
    },
  ])('$why', ({ request, plan }) => {
    expect(Object.fromEntries(planTargets(TABLE, request).map(({ target, parts }) => [target, parts]))).toEqual(plan);
  });

  test.each([
    [{ parts: ['warm'] }, 'Cannot measure "warm": expected one of x11, warm-exec, relay, cold-start'],
    [{ parts: [], driver: 'host' }, 'Cannot measure the driver "host": expected qemu or libkrun'],
    [{ parts: ['relay'], driver: 'libkrun' }, 'Cannot measure relay on libkrun: no part is for this driver'],
  ])('refuses %j', (request, message) => {
    expect(() => planTargets(TABLE, request)).toThrow(message);
  });
});
