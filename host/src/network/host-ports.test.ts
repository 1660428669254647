import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { PublishedPorts } from '../config/published-ports.ts';
import { describeChosen, findHostPorts } from './host-ports.ts';

const ANY: PublishedPorts = { protocol: 'tcp', address: '127.0.0.1', hostPort: 0, guestPort: 80, count: 1 };

async function takenTcp(host: string) {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() };
}

async function takenUdp(address: string) {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  return { port: socket.address().port, [Symbol.dispose]: () => void socket.close() };
}

describe('findHostPorts()', () => {
  test('chooses ports that are free, in the order of the wishes, and leaves them free', async () => {
    const wishes = [ANY, { ...ANY, address: undefined, count: 3 }, { ...ANY, protocol: 'udp' as const }];
    const found = await findHostPorts(wishes);
    expect(found).toEqual(wishes.map((wish) => ({ ...wish, hostPort: expect.any(Number) })));
    expect(found.every(({ hostPort }) => hostPort > 0)).toBe(true);
    expect(await findHostPorts(found)).toEqual(found);
  });

  test.each([
    ['tcp', takenTcp],
    ['udp', takenUdp],
  ] as const)('names a %s port that is taken, on one address or on all', async (protocol, take) => {
    using taken = await take('127.0.0.1');
    for (const address of ['127.0.0.1', undefined]) {
      const first = taken.port - 1;
      const wish = { ...ANY, protocol, address, hostPort: first, count: 2 };
      await expect(findHostPorts([wish])).rejects.toMatchObject({
        code: 'START_FAILED',
        message: expect.stringMatching(
          new RegExp(
            `^Cannot publish ".*:80-81/${protocol}" as ${protocol} port (${first}|${taken.port}) of this host is taken$`,
          ),
        ),
        hint: expect.stringContaining('publish "0:80-81'),
      });
    }
    const other = { ...ANY, protocol: protocol === 'tcp' ? ('udp' as const) : ('tcp' as const), hostPort: taken.port };
    expect(await findHostPorts([other])).toEqual([other]);
  });

  test('refuses an address that the host has not', async () => {
    const wish = { ...ANY, address: '192.0.2.200', hostPort: 8080 };
    await expect(findHostPorts([wish])).rejects.toThrow('"192.0.2.200" is no address of this host');
  });
});

test('describeChosen() says where ports lead', () => {
  expect(describeChosen({ ...ANY, hostPort: 4000 })).toBe('tcp port 4000 of this host leads to port 80 of the guest');
  expect(describeChosen({ ...ANY, hostPort: 4000, count: 2 })).toBe(
    'tcp ports 4000-4001 of this host lead to ports 80-81 of the guest',
  );
});
