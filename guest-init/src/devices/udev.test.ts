import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { announceDevices, startUdev } from './start-udev.ts';
import { renderUdevRules } from './udev-rules.ts';

const user = { uid: 1000, gid: 100, groups: [], name: 'ada', home: '/', shell: '/bin/sh' };

test('renderUdevRules() makes one user the owner of what giveDevices() gives, from the start of udev on', () => {
  const rules = renderUdevRules(user).split('\n');
  expect(rules).toContain('ENV{DEVNAME}=="/dev/input/event*", OWNER="1000", GROUP="100"');
  expect(rules).toContain('ENV{DEVNAME}=="/dev/uinput", OWNER="1000", GROUP="100", OPTIONS+="static_node=uinput"');
});

test('startUdev() tells why there is none', () => {
  expect(startUdev({ udevPath: null, user })).toBe('the host has no udevd');
  expect(() => startUdev({ udevPath: '/nonexistent/udevd', user })).toThrow(
    'Cannot run "/nonexistent/udevd": no such file or directory',
  );
});

test('announceDevices() makes the kernel tell of each device that programs ask about, and of no other', () => {
  const classes = mkdtempSync(join(tmpdir(), 'muvm-class-'));
  try {
    for (const device of ['input/event0', 'hidraw/hidraw0', 'net/eth0']) {
      mkdirSync(join(classes, device), { recursive: true });
      writeFileSync(join(classes, device, 'uevent'), '');
    }
    writeFileSync(join(classes, 'input/version'), '');
    announceDevices(classes);
    const told = ['input/event0', 'hidraw/hidraw0', 'net/eth0'].map((device) =>
      readFileSync(join(classes, device, 'uevent'), 'utf8'),
    );
    expect(told).toEqual(['add', 'add', '']);
  } finally {
    rmSync(classes, { recursive: true });
  }
});
