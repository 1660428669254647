import { describe, expect, test } from '@jest/globals';
import { type KvmHost, probeKvm } from './probe-kvm.ts';

function host({ files, version = 12, error, arch = 'x64' }: HostFacts): KvmHost {
  return {
    arch,
    devicePath: '/dev/kvm',
    exists: (path) => files.includes(path),
    tryKvm: () => {
      if (error) throw Object.assign(new Error(error), { code: error, syscall: 'open' });
      return version;
    },
  };
}

interface HostFacts {
  readonly files: readonly string[];
  readonly version?: number;
  readonly error?: string;
  readonly arch?: string;
}

const INTEL = ['/dev/kvm', '/sys/module/kvm', '/sys/module/kvm_intel'];
const AMD = ['/dev/kvm', '/sys/module/kvm', '/sys/module/kvm_amd'];

describe('probeKvm() finds KVM usable', () => {
  test.each([
    ['with kvm_intel', { files: INTEL }],
    ['with kvm_amd, as nested guests have it', { files: AMD }],
    ['on aarch64, where KVM has no module of its own', { files: ['/dev/kvm'], arch: 'arm64' }],
  ])('%s', (_, facts) => {
    expect(probeKvm(host(facts))).toEqual({ usable: true });
  });
});

describe('probeKvm() tells why KVM cannot be used', () => {
  test.each([
    ['there is no device', { files: [] }, '"/dev/kvm" does not exist', 'firmware'],
    [
      'the device answers, but it is the paravirtual KVM',
      { files: ['/dev/kvm', '/sys/module/kvm', '/sys/module/kvm_pvm'] },
      'paravirtual',
      'nested virtualization',
    ],
    [
      'the paravirtual module is there beside the hardware one',
      { files: [...INTEL, '/sys/module/kvm_pvm'] },
      'kvm_pvm',
      'nested virtualization',
    ],
    ['no hardware module is loaded', { files: ['/dev/kvm', '/sys/module/kvm'] }, 'neither kvm_intel nor kvm_amd', ''],
    ['the user may not open it', { files: INTEL, error: 'EACCES' }, 'permission denied', 'group "kvm"'],
    ['another hypervisor holds the processor', { files: AMD, error: 'EBUSY' }, 'busy', 'VirtualBox'],
    ['a virtual machine cannot be made', { files: INTEL, error: 'ENOMEM' }, 'not enough memory', 'dmesg'],
    ['it speaks another version', { files: INTEL, version: 11 }, 'version 11', 'kernel'],
  ])('%s', (_, facts: HostFacts, reason, hint) => {
    const answer = probeKvm(host(facts));
    expect(answer).toMatchObject({ usable: false, reason: expect.stringContaining(reason) });
    expect(answer).toMatchObject({ hint: expect.stringContaining(hint) });
  });
});

test('probeKvm() tries the device of a module that could work, and no other', () => {
  let tried = 0;
  const counting = { ...host({ files: ['/dev/kvm', '/sys/module/kvm_pvm'] }), tryKvm: () => ++tried };
  probeKvm(counting);
  expect(tried).toBe(0);
});

test('probeKvm() answers about this machine', () => {
  expect(typeof probeKvm().usable).toBe('boolean');
});
