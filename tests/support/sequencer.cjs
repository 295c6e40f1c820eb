const { join, relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest, or mostly waits: it begins at once, so that the others end beside it. */
const FIRST = [
  'pypestream/',
  'stack',
  'delivery.property',
  'tools/new-node',
  'tools/demo.',
  'playground/',
  'tools/',
  'lib/node/',
  'handlers/track-user',
  'lib/delivery/',
  'lib/config/',
  'lib/payload/any-payload',
];
/** What needs the processor for itself. */
const LAST = ['storm'];

const TESTS = join(__dirname, '..');

const rank = (test) => {
  const path = relative(TESTS, test.path);
  if (LAST.some((part) => path.includes(part))) return FIRST.length + 1;
  const first = FIRST.findIndex((part) => path.includes(part));
  return first < 0 ? FIRST.length : first;
};

/** A fresh clone has no record of how long a test took, and a busy machine none that holds. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
