/** Devices of the guest are the user's, FUSE works for the user, and the host's udev knows what is there. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { programsMissing, until, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();
const UDEVDS = ['/usr/lib/systemd/systemd-udevd', '/lib/systemd/systemd-udevd', '/usr/bin/udevd', '/sbin/udevd'];
const udevMissing = UDEVDS.some((path) => existsSync(path)) ? undefined : 'udev is not installed';
// It is started a moment after the machine; emulated twice, it takes a while.
const UDEV_MS = 60_000;

const sh = async (script: string, ...options: string[]) => vm.run([...options, '--', 'sh', '-c', script]);

describe('devices', () => {
  vm.test('are there for the user to read and write', async () => {
    const script = 'for each in /dev/uinput /dev/fuse /dev/vsock; do : <>$each && echo $each; done';
    expect((await sh(script)).stdout.trim().split('\n')).toEqual(['/dev/uinput', '/dev/fuse', '/dev/vsock']);
  });
});

/** Words that run a script in the guest as an ordinary user with an entry in passwd(5), whoever runs this test. */
const asUser = (script: string) =>
  process.getuid?.() === 0
    ? ['--', 'setpriv', '--reuid', 'nobody', '--regid', '65534', '--clear-groups', 'sh', '-c', script]
    : ['--', 'sh', '-c', script];

describe('FUSE', () => {
  vm.test(
    'takes a file system that a user mounts in a namespace',
    async () => {
      const script =
        'exec 5<>/dev/fuse; mount -i -t fuse -o fd=5,rootmode=40000,user_id=0,group_id=0 own /mnt && grep ^own /proc/mounts';
      const { stdout, stderr } = await vm.run(['--', 'unshare', '-Urm', 'sh', '-c', script]);
      expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^own \/mnt fuse rw/), stderr: '' });
    },
    { skip: programsMissing('unshare') },
  );

  vm.test(
    'serves an image as AppImages do: fusermount3 has the rights of root, though its file is shared with the host',
    async () => {
      const content = join(vm.sandbox.files, 'content');
      const place = join(vm.sandbox.files, 'place');
      const image = join(vm.sandbox.files, 'image.squashfs');
      for (const directory of [content, place]) mkdirSync(directory);
      writeFileSync(join(content, 'file'), 'from the image\n');
      execFileSync('mksquashfs', [content, image, '-quiet', '-no-progress'], { stdio: 'ignore' });
      // Whoever mounts must own the place, and reach the image.
      for (const directory of [vm.sandbox.directory, vm.sandbox.files]) chmodSync(directory, 0o755);
      chmodSync(place, 0o777);
      const mountPoint = join(place, 'mounted');
      const script = `mkdir ${mountPoint} && squashfuse ${image} ${mountPoint} && cat ${mountPoint}/file && fusermount3 -u ${mountPoint}`;
      const { stdout, status, stderr } = await vm.run(asUser(script));
      expect({ stdout, status, stderr }).toEqual({ stdout: 'from the image\n', status: 0, stderr: '' });
      expect(readdirSync(mountPoint)).toEqual([]);
    },
    { skip: programsMissing('mksquashfs', 'squashfuse', 'fusermount3') },
  );
});

/** Makes a game controller by uinput (linux/uinput.h), says so, and keeps it until the end of its input. */
const GAME_CONTROLLER = `
  open(my $device, '+>', '/dev/uinput') or die "uinput: $!";
  ioctl($device, 0x40045564, $_) or die "event: $!" for 1, 3;
  ioctl($device, 0x40045565, $_) or die "button: $!" for 0x130 .. 0x13e;
  ioctl($device, 0x40045567, $_) or die "axis: $!" for 0, 1;
  syswrite($device, pack('a80 S4 L l256', 'muvm test pad', 3, 1, 1, 1, 0, (255) x 64, (0) x 192)) or die "write: $!";
  ioctl($device, 0x5501, 0) or die "make: $!";
  $| = 1;
  print "made\\n";
  <STDIN>;
`;

describe('udev', () => {
  vm.test(
    'runs in the guest, and what it writes is there alone',
    async () => {
      const before = readdirSync('/dev');
      const isThere = async () => (await sh('test -S /run/udev/control && echo there')).stdout === 'there\n';
      expect(await until(isThere, UDEV_MS)).toBe(true);
      expect((await sh('cat /run/udev/rules.d/99-muvm.rules')).stdout).toContain(`OWNER="${process.getuid?.()}"`);
      expect(readdirSync('/dev')).toEqual(before);
    },
    { skip: udevMissing, timeoutMs: UDEV_MS },
  );

  vm.test(
    'tells programs of a game controller that comes, and leaves it to the user',
    async () => {
      const client = vm.start(['-i', '--', 'perl', '-e', GAME_CONTROLLER], { openInput: true, timeoutMs: UDEV_MS });
      await client.untilOutput('made');
      const known = async () => (await sh('grep -l ID_INPUT_JOYSTICK=1 /run/udev/data/c13:*')).stdout.trim();
      expect(await until(async () => (await known()) !== '', UDEV_MS)).toBe(true);
      const { stdout, stderr } = await sh('for each in /dev/input/event*; do : <>$each && stat -c %u $each; done');
      expect({ stdout, stderr }).toEqual({ stdout: `${process.getuid?.()}\n`, stderr: '' });
      client.stdin.end();
      expect(await client.result).toMatchObject({ status: 0, stderr: '' });
    },
    { skip: udevMissing ?? programsMissing('perl'), timeoutMs: 2 * UDEV_MS },
  );
});
