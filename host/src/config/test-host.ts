import type { Host } from './host.ts';

/** A host for tests: an ordinary user on a machine of two CPUs, with the terminals and files that are given. */
export function testHost(host: Partial<Host> & { readonly files?: Readonly<Record<string, string>> } = {}): Host {
  return {
    env: { HOME: '/home/user' },
    uid: 1000,
    workdir: () => '/home/user/project',
    cpus: () => [0, 1],
    fastCpus: () => [1],
    isDirectory: (path) => ['/', '/tmp', '/home/user/project', '/home/user'].includes(path),
    isSocket: (path) => path.endsWith('.sock'),
    isTerminal: () => true,
    readFile: (path) => host.files?.[path],
    ...host,
  };
}
