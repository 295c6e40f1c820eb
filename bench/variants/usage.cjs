// Loaded before a function in the watched runs: answers what the process has used so far, and what it holds.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const MB = 2 ** 20;

process.report.excludeNetwork = true;

const answers = {
  used: () => {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1_000, peakMb: process.resourceUsage().maxRSS / 1_024 };
  },
  held: () => {
    // Before the collection, which would hide how far the heap is let grow.
    const rssMb = process.memoryUsage.rss() / MB;
    collectGarbage();
    return {
      heapMb: process.memoryUsage().heapUsed / MB,
      rssMb,
      // getActiveResourcesInfo() leaves out the idle sockets of a keep-alive agent, because they are not referenced.
      sockets: process.report.getReport().libuv.filter(({ type }) => type === 'tcp').length,
      timers: process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length,
    };
  },
};

process.on('message', (question) => process.send(answers[question]()));
