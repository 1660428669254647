/**
 * Puts the package that carries `libkrunfw` (the guest's kernel) into node_modules where npm left it out.
 *
 * npm skips an optional package whose `engines` asks for a newer Node than this one. That package's own program needs
 * that Node; the library in it does not, and the library is all we use. The package is fetched by `npm pack` and must
 * have the hash that package-lock.json promises.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const SCOPE = '@superradcompany/';
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

const location = Object.keys(packages).find(
  (key) => key.startsWith(`node_modules/${SCOPE}`) && packages[key].cpu?.includes(process.arch),
);
if (location === undefined) {
  console.log(`deps: no npm package carries libkrunfw for ${process.arch}; the system must have libkrunfw.so.5`);
} else if (!existsSync(location)) {
  fetchPackage(location, packages[location]);
}

function fetchPackage(target, { version, integrity }) {
  const name = target.slice('node_modules/'.length);
  console.log(`deps: fetching ${name} ${version} from npm (for libkrunfw)`);
  mkdirSync('node_modules', { recursive: true });
  const scratch = mkdtempSync('node_modules/.kernel-');
  try {
    const packed = execFileSync('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', scratch], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const archive = join(scratch, JSON.parse(packed.toString())[0].filename);
    checkIntegrity(archive, integrity);
    execFileSync('tar', ['-xzf', archive, '-C', scratch]);
    mkdirSync(join(target, '..'), { recursive: true });
    renameSync(join(scratch, 'package'), target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function checkIntegrity(archive, wanted) {
  const actual = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (actual !== wanted)
    throw new Error(`Cannot use "${archive}": its hash is ${actual}, package-lock.json has ${wanted}`);
}
