import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findCard } from './card.ts';
import { renderResolvConf } from './resolv-conf.ts';
import { addAddress, addRoute, bringLinkUp, setLinkMtu } from './rtnetlink.ts';

/** Bytes as words of four hexadecimal bytes. */
const words = (bytes: Buffer) => bytes.toString('hex').match(/.{8}/g)?.join(' ');

describe('rtnetlink messages', () => {
  test('bringLinkUp() changes one flag of one interface', () => {
    expect(words(bringLinkUp(4))).toBe('20000000 10000500 00000000 00000000 00000000 04000000 01000000 01000000');
  });

  test('setLinkMtu() changes no flag', () => {
    expect(words(setLinkMtu(4, 65_520))).toBe(
      '28000000 10000500 00000000 00000000 00000000 04000000 00000000 00000000 08000400 f0ff0000',
    );
  });

  test('addAddress() gives the address, with its prefix', () => {
    expect(words(addAddress({ index: 4, address: '192.0.2.7', prefixLength: 24 }))).toBe(
      '28000000 14000505 00000000 00000000 02180000 04000000 08000200 c0000207 08000100 c0000207',
    );
  });

  test('addRoute() sends what is behind a gateway to it, wherever it is', () => {
    expect(words(addRoute({ index: 4, destination: '0.0.0.0', prefixLength: 0, gateway: '192.0.2.1' }))).toBe(
      '2c000000 18000505 00000000 00000000 02000000 fe100001 04000000 08000400 04000000 08000500 c0000201',
    );
  });

  test('addRoute() takes what has no gateway for on the link', () => {
    expect(words(addRoute({ index: 4, destination: '10.1.2.0', prefixLength: 24, gateway: undefined }))).toBe(
      '2c000000 18000505 00000000 00000000 02180000 fe10fd01 00000000 08000400 04000000 08000100 0a010200',
    );
  });
});

test('findCard() takes the interface with a device, and none where there is none', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-net-'));
  const add = (name: string, files: Record<string, string>) => {
    mkdirSync(join(directory, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, name, file), `${text}\n`);
  };
  try {
    add('dummy0', { type: '1', ifindex: '2', address: '02:00:00:00:00:01' });
    add('can0', { device: '', type: '280', ifindex: '5', address: '' });
    expect(findCard(directory)).toBeUndefined();
    add('eth0', { device: '', type: '1', ifindex: '3', address: '02:0a:0b:0c:0d:0e' });
    expect(findCard(directory)).toEqual({ name: 'eth0', index: 3, mac: Buffer.from([2, 10, 11, 12, 13, 14]) });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

describe('renderResolvConf()', () => {
  test('names at most three servers, which is what the C library takes', () => {
    const nameServers = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    const text = renderResolvConf({ nameServers, searchDomains: ['a.example', 'b.example'] });
    expect(text.split('\n').slice(1)).toEqual([
      'search a.example b.example',
      'nameserver 192.0.2.1',
      'nameserver 192.0.2.2',
      'nameserver 192.0.2.3',
      '',
    ]);
  });

  test('has no line for what was not given', () => {
    expect(renderResolvConf({ nameServers: ['192.0.2.1'], searchDomains: [] })).not.toContain('search');
  });
});
