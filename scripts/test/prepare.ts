/** What must be there before the suites start. */
import { spawnSync } from 'node:child_process';
import { buildTests, hasSystemPackages } from '../build/build.ts';

const RUST_MIN = '1.87';
const QEMU_CHECKS = ['qemu', 'virtiofsd', 'kernel'];

export interface Preparation {
  readonly name: string;
  readonly durationMs: number;
}

/** Builds the programs and the fixtures. */
export async function prepareBuild(): Promise<Preparation> {
  return timed('build', buildTests);
}

/** Installs what the tests of VMs need, if the user may. @throws Error if something is missing; standard error has the command */
export function prepareSystem(): void {
  if (!hasSystemPackages('test', { install: true })) {
    throw new Error('Cannot run the tests of VMs: packages of the system are missing');
  }
}

/** Checks that a VM of the qemu driver can start for this user. @throws Error with the finding of `muvm --doctor` */
export function checkQemu(): void {
  const args = ['host/bin/muvm.cjs', '--vmm', 'qemu', '--doctor', '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (!stdout.startsWith('[')) throw new Error(`Cannot check this host: ${stderr.trim()}`);
  const checks = JSON.parse(stdout) as { name: string; state: string; text: string }[];
  const problem = checks.find(({ name, state }) => state === 'problem' && QEMU_CHECKS.includes(name));
  if (problem === undefined) return;
  throw new Error(
    `Cannot run the tests of VMs: ${problem.name}: ${problem.text}. Run "npm run test:unit" for the tests without VMs, or as root ` +
      '"npm test" in a clone that root owns',
  );
}

/** Builds libkrun with a GPU if Rust is there and it is not built yet. @throws Error if the build fails */
export async function prepareGpuLibrary(): Promise<Preparation | undefined> {
  const { status, stdout } = spawnSync('scripts/libkrun-gpu/rust.sh', [RUST_MIN], { encoding: 'utf8' });
  if (status !== 0) {
    process.stderr.write(`test: no libkrun with a GPU, so its tests will be skipped: ${stdout}`);
    return undefined;
  }
  return timed('libkrun with a GPU', async () => {
    const build = spawnSync('setpriv', ['--pdeathsig', 'TERM', 'scripts/libkrun-gpu/build.sh'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    if (build.status !== 0) throw new Error(`Cannot build libkrun with a GPU: status ${build.status}`);
    // For the suites.
    process.env['MUVM_TEST_LIBKRUN_GPU'] = build.stdout.trim();
  });
}

async function timed(name: string, body: () => Promise<void>): Promise<Preparation> {
  const startedMs = performance.now();
  await body();
  return { name, durationMs: performance.now() - startedMs };
}
