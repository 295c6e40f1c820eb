const { default: Sequencer } = require('@jest/test-sequencer');

/** What mostly waits, and so can begin at once and go on beside the others. */
const FIRST = [
  'pypestream/',
  'stack',
  'delivery.property',
  'tools/',
  'lib/node/',
  'handlers/track-user',
  'lib/delivery/',
  'lib/config/',
];
/** What needs the processor for itself. */
const LAST = ['storm'];

const rank = ({ path }) => {
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
