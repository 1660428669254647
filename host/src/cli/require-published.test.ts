import { expect, test } from '@jest/globals';
import type { PublishedPorts } from '../config/index.ts';
import { grants } from './require-published.ts';

const PORTS: PublishedPorts = { protocol: 'tcp', address: undefined, hostPort: 8080, guestPort: 80, count: 1 };

test.each<[Partial<PublishedPorts>, boolean]>([
  [{}, true],
  [{ hostPort: 0 }, true],
  [{ hostPort: 8081 }, false],
  [{ guestPort: 81 }, false],
  [{ protocol: 'udp' }, false],
  [{ address: '127.0.0.1' }, false],
  [{ hostPort: 0, count: 2 }, false],
])('grants() tells whether the port is the one of the wish: %j', (difference, isGranted) => {
  expect(grants(PORTS, { ...PORTS, ...difference })).toBe(isGranted);
});
