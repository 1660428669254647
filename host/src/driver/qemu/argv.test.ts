import { describe, expect, test } from '@jest/globals';
import { type QemuMachine, renderKernelCommandLine, renderQemuArguments } from './argv.ts';

const MACHINE: QemuMachine = {
  arch: 'x64',
  acceleration: 'tcg',
  name: 'default',
  cpuCount: 2,
  hostCpus: [0, 1],
  emulatesInParallel: true,
  memoryMib: 2048,
  kernelPath: '/cache/kernel.elf',
  initPath: '/run/user/1000/muvm/default/init',
  tscKhz: 2_793_438,
  sockets: {
    virtiofsd: '/run/v.sock',
    qmp: '/run/q.sock',
    rpc: '/run/r.sock',
    hostToGuest: '/run/h.sock',
    guestToHost: '/run/g.sock',
  },
  network: { kind: 'socket', fd: 3, mac: '02:00:00:00:00:01' },
  disks: [],
  extra: [],
};

describe('renderQemuArguments()', () => {
  const args = renderQemuArguments(MACHINE).join(' ');

  test('shares the memory of the guest with virtiofsd', () => {
    expect(args).toContain('-object memory-backend-memfd,id=memory,size=2048M,share=on');
    expect(args).toContain('memory-backend=memory');
  });

  test('gives each serial port the number the guest finds it by', () => {
    expect(args).toContain('virtserialport,id=muvm-rpc,chardev=muvm-rpc,name=muvm.rpc,nr=1');
    expect(args).toContain('virtserialport,id=muvm-h2g,chardev=muvm-h2g,name=muvm.h2g,nr=2');
    expect(args).toContain('virtserialport,id=muvm-g2h,chardev=muvm-g2h,name=muvm.g2h,nr=3');
  });

  test('emulates all of a processor but slow copies, and passes the real one on under KVM', () => {
    expect(args).toContain('-accel tcg,thread=multi -cpu max,-erms,-fsrm');
    expect(renderQemuArguments({ ...MACHINE, acceleration: 'kvm' }).join(' ')).toContain('-accel kvm -cpu host');
  });

  test('emulates all virtual CPUs on one thread where the emulator is not safe on several', () => {
    expect(renderQemuArguments({ ...MACHINE, emulatesInParallel: false }).join(' ')).toContain('tcg,thread=single');
  });

  test('uses the machine "virt" on aarch64', () => {
    expect(renderQemuArguments({ ...MACHINE, arch: 'arm64' }).join(' ')).toContain('-machine virt,');
  });

  test('reports free memory to the host, and reads random numbers from it', () => {
    expect(args).toContain('virtio-balloon-device,free-page-reporting=on');
    expect(args).toContain('virtio-rng-device');
  });

  test("connects the network card to the socket it is given, or to QEMU's own network", () => {
    expect(args).toContain(
      '-netdev socket,id=network,fd=3 -device virtio-net-device,netdev=network,mac=02:00:00:00:00:01',
    );
    const mac = '02:00:00:00:00:01';
    const own = renderQemuArguments({ ...MACHINE, network: { kind: 'user', publishedPorts: [], mac } }).join(' ');
    expect(own).toContain('-netdev user,id=network,ipv6=off -device virtio-net-device,netdev=network');
  });

  test('gives the guest images as read-only disks, whatever their paths are', () => {
    const words = renderQemuArguments({ ...MACHINE, disks: [{ id: 'muvm-image-0', path: '/a, "b".erofs' }] });
    expect(words).toContain('virtio-blk-device,drive=muvm-image-0,serial=muvm-image-0');
    expect(JSON.parse(words[words.indexOf('-blockdev') + 1] ?? '')).toEqual({
      driver: 'raw',
      'node-name': 'muvm-image-0',
      'read-only': true,
      file: { driver: 'file', filename: '/a, "b".erofs', locking: 'off' },
    });
  });

  test('adds arguments for debugging at the end', () => {
    expect(renderQemuArguments({ ...MACHINE, extra: ['-s'] }).at(-1)).toBe('-s');
  });
});

describe('renderKernelCommandLine()', () => {
  test('fixes the clock under emulation, and there alone', () => {
    expect(renderKernelCommandLine(MACHINE)).toContain('tsc_early_khz=2793438 tsc=reliable no_timer_check');
    expect(renderKernelCommandLine({ ...MACHINE, acceleration: 'kvm' })).not.toContain('tsc');
    expect(renderKernelCommandLine({ ...MACHINE, arch: 'arm64' })).not.toContain('tsc');
  });

  test('clears new pages under emulation only, on every architecture', () => {
    expect(renderKernelCommandLine(MACHINE)).toContain(' init_on_alloc=1 ');
    expect(renderKernelCommandLine({ ...MACHINE, arch: 'arm64' })).toContain(' init_on_alloc=1 ');
    expect(renderKernelCommandLine({ ...MACHINE, acceleration: 'kvm' })).not.toContain('init_on_alloc');
  });

  test('mounts the host and starts our first program', () => {
    const line = renderKernelCommandLine(MACHINE);
    expect(line).toContain('root=root rootfstype=virtiofs rw');
    expect(line).toContain('init=/run/user/1000/muvm/default/init');
    expect(line).toContain('panic=-1');
  });
});
