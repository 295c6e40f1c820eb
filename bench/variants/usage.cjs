// Loaded before a function in the watched runs: says what the process has used, whenever it is asked. Asked to collect,
// it lets go of its garbage first, so that what is left is what it holds.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const MB = 2 ** 20;

process.on('message', ({ collect }) => {
  if (collect) collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  process.send({ cpuMs: (user + system) / 1_000, rssMb: rss / MB, heapMb: heapUsed / MB, peakMb });
});
