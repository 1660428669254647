/** The guest feels like the host: its devices are the user's, and its own mounts hide nothing for good. */
import { existsSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { useWarmVm } from '../framework/index.ts';

const vm = useWarmVm();

const sh = async (script: string) => (await vm.run(['--', 'sh', '-c', script])).stdout;

describe('the guest', () => {
  vm.test("shows the host's tree without what it mounts over it, under /run/muvm-host", async () => {
    const probe = 'ls /run/muvm-host/proc | head -1; test -e /run/muvm-host/etc/passwd && echo etc';
    expect(await sh(probe)).toMatch(/etc\n$/);
    // What the guest mounts on /var/run and the like stays outside.
    const below = await sh('awk \'$2 ~ "^/run/muvm-host/" { print $2 }\' /proc/mounts');
    expect(below.split('\n').filter((path) => path === '/run/muvm-host/run' || path === '/run/muvm-host/dev')).toEqual(
      [],
    );
  });

  vm.test('has the devices of the machine for its user', async () => {
    const script = 'for each in /dev/uinput /dev/fuse /dev/vsock; do test -w $each && echo $each; done';
    expect((await sh(script)).trim().split('\n')).toEqual(['/dev/uinput', '/dev/fuse', '/dev/vsock']);
  });

  vm.test('has binfmt_misc and cgroup2', async () => {
    const types = await sh("awk '{ print $3 }' /proc/mounts");
    expect(types).toMatch(/^binfmt_misc$/m);
    expect(types).toMatch(/^cgroup2$/m);
  });

  vm.test("runs the host's udev where it has one", async () => {
    const hasUdev = ['/usr/lib/systemd/systemd-udevd', '/lib/systemd/systemd-udevd'].some((path) => existsSync(path));
    const running = await sh('pgrep -f "[u]devd" > /dev/null && echo running || echo none');
    expect(running.trim()).toBe(hasUdev ? 'running' : 'none');
  });
});
