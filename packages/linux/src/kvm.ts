import { closeSync, openSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';

// linux/kvm.h: _IO(KVMIO, n) with KVMIO 0xAE.
const KVM_GET_API_VERSION = 0xae00n;
const KVM_CREATE_VM = 0xae01n;
const KVM_CREATE_VCPU = 0xae41n;

const ioctl = libcFunction('int ioctl(int fd, unsigned long request, long argument)');

/**
 * Opens a KVM device, asks for its version and makes a virtual machine with one virtual CPU, which it drops at once.
 *
 * @returns the version of the interface: 12 on every kernel since 2.6.22
 * @throws a system error that names the step: `open`, `KVM_GET_API_VERSION`, `KVM_CREATE_VM`, `KVM_CREATE_VCPU`
 */
export function tryKvm(devicePath: string): number {
  const opened: number[] = [];
  const keep = (fd: number) => {
    opened.push(fd);
    return fd;
  };
  try {
    const device = keep(openSync(devicePath, 'r+'));
    const version = checked('KVM_GET_API_VERSION', ioctl(device, KVM_GET_API_VERSION, 0), devicePath);
    const vm = keep(checked('KVM_CREATE_VM', ioctl(device, KVM_CREATE_VM, 0), devicePath));
    keep(checked('KVM_CREATE_VCPU', ioctl(vm, KVM_CREATE_VCPU, 0), devicePath));
    return version;
  } finally {
    for (const fd of opened.reverse()) closeSync(fd);
  }
}
