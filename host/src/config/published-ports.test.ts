import { describe, expect, test } from '@jest/globals';
import { type PublishedPorts, readPublishedPorts, writePublishedPorts } from './published-ports.ts';

const PORTS: PublishedPorts = { protocol: 'tcp', address: undefined, hostPort: 80, guestPort: 80, count: 1 };

describe('readPublishedPorts()', () => {
  test.each<[string, Partial<PublishedPorts>]>([
    ['80', {}],
    ['80/tcp', {}],
    ['80/udp', { protocol: 'udp' }],
    ['8080:80', { hostPort: 8080 }],
    [':80', {}],
    ['0:80', { hostPort: 0 }],
    ['127.0.0.1:8080:80/udp', { protocol: 'udp', address: '127.0.0.1', hostPort: 8080 }],
    ['127.0.0.1::80', { address: '127.0.0.1' }],
    ['0.0.0.0:0:80', { address: '0.0.0.0', hostPort: 0 }],
    ['[::1]:8080:80', { address: '::1', hostPort: 8080 }],
    ['[2001:db8::2]::80', { address: '2001:db8::2' }],
    ['::1:8080:80', { address: '::1', hostPort: 8080 }],
    ['80-82', { count: 3 }],
    ['8080-8082:80-82', { hostPort: 8080, count: 3 }],
    ['0:80-82/udp', { protocol: 'udp', hostPort: 0, count: 3 }],
    ['65535:80', { hostPort: 65_535 }],
  ])('reads "%s"', (text, difference) => {
    expect(readPublishedPorts(text)).toEqual({ value: { ...PORTS, ...difference } });
  });

  test.each([
    ...[
      '',
      ':',
      'x',
      '80:',
      '0',
      '65536',
      '-80',
      '80-',
      '82-80',
      '8080-8081:80',
      '8080:80-81',
      '80/sctp',
      '80/',
      '80/tcp/udp',
    ],
    ...[
      '127.0.0.1:80',
      '[::1]:80',
      'localhost:8080:80',
      '1.2.3:8080:80',
      '[1.2.3.4]:8080:80',
      '[]:8080:80',
      '[fe80::1%eth0]:1:1',
    ],
    ...['8080:80\n', ' 80', '80 ', '0x50', '000080', '0-2:80-82', '+80'],
  ])('refuses %j', (text) => {
    expect(readPublishedPorts(text)).toEqual({ wanted: expect.stringContaining('[[IP:]HOST_PORT:]GUEST_PORT') });
  });
});

test.each(['80:80/tcp', '0:80/udp', '127.0.0.1:8080-8082:80-82/tcp', '[::1]:8080:80/udp'])(
  'writePublishedPorts() writes "%s" as it was read',
  (text) => {
    const reading = readPublishedPorts(text);
    expect('value' in reading && writePublishedPorts(reading.value)).toBe(text);
  },
);
