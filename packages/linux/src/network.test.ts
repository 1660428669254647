import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { needsRoot } from '../../../test/framework/requirements.ts';
import { testUnless } from '../../../test/framework/skip.ts';
import { coverFile, unmount } from './mount.ts';
import { RouteSocket } from './netlink.ts';
import { bringUp } from './network-interface.ts';
import { PacketSocket } from './packet-socket.ts';

const rootTest = (name: string, body: () => void) => testUnless(needsRoot(), name, body);

/** RTM_NEWADDR of 127.0.0.1/8 for an interface that is not there. */
function impossibleAddress(): Buffer {
  const message = Buffer.alloc(32);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(20, 4);
  message.writeUInt16LE(5, 6);
  message.set([2, 8, 0, 254], 16);
  message.writeUInt32LE(0x7fff_fff0, 20);
  message.writeUInt16LE(8, 24);
  message.writeUInt16LE(2, 26);
  message.set([127, 0, 0, 1], 28);
  return message;
}

test('RouteSocket throws what the kernel answers', () => {
  using socket = new RouteSocket();
  expect(() => socket.request('an address', impossibleAddress())).toThrow(/E(NODEV|PERM)/);
});

rootTest('PacketSocket takes the packets that come in by its interface', () => {
  bringUp('lo');
  using socket = new PacketSocket(1);
  using sender = new PacketSocket(1);
  const packet = Buffer.alloc(20);
  packet.set([0x45, 0, 0, 20]);
  packet.write('packet', 8, 'latin1');
  sender.broadcast(packet);
  let received = socket.receive(1000);
  while (received !== undefined && !received.equals(packet)) received = socket.receive(1000);
  expect(received).toBeDefined();
});

rootTest('coverFile() covers a symbolic link itself, not what it leads to', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-cover-'));
  const [own, target, link, dangling] = ['own', 'target', 'link', 'dangling'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ];
  writeFileSync(own, 'own');
  writeFileSync(target, 'target');
  symlinkSync(target, link);
  symlinkSync('/nonexistent', dangling);
  try {
    for (const each of [link, dangling]) {
      coverFile(own, each);
      expect(readFileSync(each, 'utf8')).toBe('own');
      expect(readFileSync(target, 'utf8')).toBe('target');
      unmount(each);
    }
    expect(() => coverFile(own, join(directory, 'none'))).toThrow('ENOENT');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
