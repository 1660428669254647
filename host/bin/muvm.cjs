#!/usr/bin/env node
'use strict';
// Finds the built program and starts it with its code cache. Plain JavaScript, so that it runs before any build.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const built = join(__dirname, '..', '..', 'dist');

// Where muvm is installed, all files lie together; in the repository dist/ is two directories up.
const directory = [__dirname, built].find((candidate) => existsSync(join(candidate, 'start.cjs')));

if (directory) {
  require(join(directory, 'start.cjs')).startBundle(join(directory, 'muvm.cjs'));
} else {
  process.stderr.write(`muvm: Cannot find the built program in "${built}". Run "make build" there first.\n`);
  process.exitCode = 125;
}
