import { expect, test } from '@jest/globals';
import type { PublishedPorts } from '../../config/published-ports.ts';
import { requireUserNetworkTakes, userNetwork } from './user-network.ts';

const PORTS: PublishedPorts = { protocol: 'tcp', address: undefined, hostPort: 8080, guestPort: 80, count: 2 };

test('userNetwork() has a rule for each port', () => {
  expect(userNetwork([PORTS, { ...PORTS, protocol: 'udp', address: '127.0.0.1', count: 1 }])).toBe(
    'user,id=network,ipv6=off,hostfwd=tcp::8080-:80,hostfwd=tcp::8081-:81,hostfwd=udp:127.0.0.1:8080-:80',
  );
});

test('requireUserNetworkTakes() refuses addresses of IPv6', () => {
  expect(() => requireUserNetworkTakes([PORTS, { ...PORTS, address: '::1' }])).toThrow(
    'Cannot publish ports on the IPv6 address "::1" as there is no "passt" in PATH',
  );
  requireUserNetworkTakes([PORTS]);
});
