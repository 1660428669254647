import { spawnSync } from 'node:child_process';
import { bundleTests } from './bundle-tests.ts';

/** Bundles the program test/SOURCE/main.ts to dist/TARGET and runs it; its exit status becomes that of this process. */
export function runTests(source: string, target: string, args: readonly string[]): void {
  void bundleTests(source, ['main'], target).then(() => {
    const { status } = spawnSync(process.execPath, [`dist/${target}/main.cjs`, ...args], { stdio: 'inherit' });
    process.exitCode = status ?? 1;
  });
}
