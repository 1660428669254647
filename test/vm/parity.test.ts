/** What a driver declares (docs/drivers.md) is what a machine of it has: no more and no less. */
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import type { DriverFeatures } from '../../host/src/driver/features.ts';
import { LIBKRUN_FEATURES } from '../../host/src/driver/libkrun/features.ts';
import { QEMU_FEATURES } from '../../host/src/driver/qemu/features.ts';
import { coldTest, hasProgram, runMuvm, TEST_DRIVER, useWarmVm } from '../framework/index.ts';

const COLD_MS = 120_000;
const DECLARED: DriverFeatures = TEST_DRIVER === 'libkrun' ? LIBKRUN_FEATURES : QEMU_FEATURES;

/** Device IDs of the virtio specification (1.2, section 5). */
const VIRTIO = { network: 1, entropy: 4, balloon: 5, gpu: 16, vsock: 19 } as const;
/** VIRTIO_BALLOON_F_REPORTING. */
const REPORTING_BIT = 5;

const vm = useWarmVm();

/** The features that host and guest agreed on for each virtio device of the guest, as strings of bits. */
async function virtioDevices(): Promise<Map<number, string>> {
  const script = 'for each in /sys/bus/virtio/devices/*; do echo "$(cat "$each/device") $(cat "$each/features")"; done';
  const { stdout } = await vm.run(['--', 'sh', '-c', script]);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  return new Map(rows.map(([id, bits]) => [Number(id), bits]));
}

interface Finding {
  readonly name: string;
  readonly text: string;
}

/** Whether the libkrun here was built with a GPU. Without, what the driver declares cannot be had, and it says so. */
async function hasGpuLibrary(): Promise<boolean> {
  const { stdout } = await vm.run(['--doctor', '--json']);
  const finding = (JSON.parse(stdout) as Finding[]).find(({ name }) => name === 'libkrun');
  return /built with [^;]*\bGPU\b/.test(finding?.text.replace(/, without .*$/, '') ?? '');
}

describe('the driver', () => {
  vm.test('has the devices that it declares', async () => {
    const devices = await virtioDevices();
    expect({
      vsock: devices.has(VIRTIO.vsock),
      entropy: devices.has(VIRTIO.entropy),
      freePageReporting: devices.get(VIRTIO.balloon)?.[REPORTING_BIT] === '1',
    }).toEqual({
      vsock: DECLARED.vsock,
      entropy: DECLARED.entropy,
      freePageReporting: DECLARED.freePageReporting,
    });
  });

  vm.test('has a network card, if it declares one and what that needs is there', async () => {
    const hasNeeds = TEST_DRIVER === 'qemu' || hasProgram('passt');
    expect((await virtioDevices()).has(VIRTIO.network)).toBe(DECLARED.network && hasNeeds);
  });

  vm.test('has a GPU where its library was built with one, if it declares one', async () => {
    expect((await virtioDevices()).has(VIRTIO.gpu)).toBe(DECLARED.gpu && (await hasGpuLibrary()));
  });

  vm.test("has the host's /dev/shm, if it declares that", async () => {
    const path = `/dev/shm/muvm-test-${randomUUID()}`;
    writeFileSync(path, 'from the host');
    try {
      const { stdout } = await vm.run(['--', 'sh', '-c', `cat ${path} || echo its own; : > ${path}.guest`]);
      expect(stdout.trim()).toBe(DECLARED.sharedMemory ? 'from the host' : 'its own');
      expect(existsSync(`${path}.guest`)).toBe(DECLARED.sharedMemory);
    } finally {
      for (const each of [path, `${path}.guest`]) rmSync(each, { force: true });
    }
  });
});

coldTest('the driver runs without KVM, if it declares that', async (sandbox) => {
  const env = { MUVM_DEBUG_KVM_DEVICE: '/nonexistent/kvm' };
  const { status } = await runMuvm(sandbox, ['--', 'true'], { env, timeoutMs: COLD_MS });
  expect(status === 0).toBe(DECLARED.emulation);
});
