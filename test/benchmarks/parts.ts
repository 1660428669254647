import { measureColdStart } from './cold-start.ts';
import { measureFences } from './fences.ts';
import { measureIdleMemory } from './idle-memory.ts';
import { measureNetwork } from './network.ts';
import { measurePageCache } from './page-cache.ts';
import type { Part } from './part.ts';
import { measureThroughput } from './throughput.ts';
import { measureWarmExec } from './warm-exec.ts';
import { measureX11 } from './x11.ts';

const HOST = ['host'] as const;
const DRIVERS = ['qemu', 'libkrun'] as const;

/** All parts, in their order. A new one is one row; `make bench PARTS=NAME` runs it alone. */
export const PARTS: readonly Part[] = [
  { name: 'x11', targets: HOST, vm: 'none', measure: measureX11 },
  { name: 'warm-exec', targets: DRIVERS, vm: 'running', measure: measureWarmExec },
  { name: 'throughput', targets: DRIVERS, vm: 'running', measure: measureThroughput },
  { name: 'network', targets: DRIVERS, vm: 'running', measure: measureNetwork },
  { name: 'idle-memory', targets: DRIVERS, vm: 'running', measure: measureIdleMemory },
  { name: 'page-cache', targets: DRIVERS, vm: 'running', measure: measurePageCache },
  // A nested guest needs minutes for it, and shows nothing else: the same kernel wakes the fences.
  { name: 'fences', targets: ['qemu'], vm: 'running', measure: measureFences },
  { name: 'cold-start', targets: DRIVERS, vm: 'stopped', measure: measureColdStart },
];
