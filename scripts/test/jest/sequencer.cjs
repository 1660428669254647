// @ts-check
'use strict';
/** Runs the longest test files first, so that two workers end together. Seconds of each file: test/durations.json. */
const { readFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

const root = join(__dirname, '../../..');
const seconds = JSON.parse(readFileSync(join(root, 'test/durations.json'), 'utf8'));
// An unknown file is probably new; it starts early, where it does no harm.
const UNKNOWN_S = 60;

class LongestFirst extends Sequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   */
  sort(tests) {
    /** @param {{ path: string }} test */
    const of = ({ path }) => seconds[relative(root, path)] ?? UNKNOWN_S;
    return [...tests].sort((one, other) => of(other) - of(one) || one.path.localeCompare(other.path));
  }
}

module.exports = LongestFirst;
