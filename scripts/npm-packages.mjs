// @ts-check
/** Installs the npm packages of package-lock.json into node_modules, unless they are installed. Needs Node and npm only. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = 'package-lock.json';
const INSTALLED_LOCK = 'node_modules/.muvm-lock.json';
const NODE_MIN = [20, 11];
const KERNEL_SCOPE = '@superradcompany/';

/** @returns {string | undefined} why the packages cannot be installed */
export function installNpmPackages() {
  const refusal = nodeRefusal();
  if (refusal !== undefined) return refusal;
  if (!isInstalled()) {
    // Standard output belongs to the script.
    console.error(`npm packages: installing those of ${LOCK} into node_modules`);
    // Not "npm ci": docs/decisions/0005-npm-install.md.
    const { error, status } = spawnSync('npm', ['install', '--no-save'], { stdio: ['ignore', 2, 2] });
    if (error) return `Cannot run "npm": ${error.message}. Install npm, then try again`;
    if (status !== 0) return `Cannot install the npm packages: npm exited with status ${status}`;
    copyFileSync(LOCK, INSTALLED_LOCK);
  }
  installKernelPackage();
  return undefined;
}

function nodeRefusal() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [majorMin = 0, minorMin = 0] = NODE_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return undefined;
  return `Cannot use Node ${process.versions.node}: expected ${NODE_MIN.join('.')} or later. See nodejs.org or your distribution`;
}

function isInstalled() {
  if (!existsSync(INSTALLED_LOCK) || !existsSync('node_modules/.bin/muvm')) return false;
  return readFileSync(LOCK, 'utf8') === readFileSync(INSTALLED_LOCK, 'utf8');
}

/**
 * Installs the package that carries `libkrunfw`, the guest's kernel, if npm left it out. npm skips an optional package whose
 * `engines` asks for a newer Node than this one; that applies to the package's own program and not to the library in it.
 */
function installKernelPackage() {
  const { packages } = JSON.parse(readFileSync(LOCK, 'utf8'));
  const location = Object.keys(packages).find(
    (key) => key.startsWith(`node_modules/${KERNEL_SCOPE}`) && packages[key].cpu?.includes(process.arch),
  );
  if (location === undefined) {
    console.error(
      `npm packages: none carries libkrunfw for ${process.arch}; install libkrunfw.so.5 of your distribution`,
    );
  } else if (!existsSync(location)) {
    fetchPackage(location, packages[location]);
  }
}

/**
 * @param {string} target
 * @param {{ version: string, integrity: string }} locked
 */
function fetchPackage(target, { version, integrity }) {
  const name = target.slice('node_modules/'.length);
  console.error(`npm packages: fetching ${name} ${version} for libkrunfw`);
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

/**
 * @param {string} archive
 * @param {string} expected
 */
function checkIntegrity(archive, expected) {
  const actual = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (actual !== expected)
    throw new Error(`Cannot use "${archive}": hash is ${actual}, expected ${expected} of ${LOCK}`);
}
