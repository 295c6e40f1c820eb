const { readdirSync } = require('node:fs');
const { join } = require('node:path');

/** The nodes, as the folder has them: what is made from this list needs no line for a new one. */
exports.nodes = readdirSync(join(__dirname, '..', 'handlers')).map((file) => file.replace(/\.ts$/, ''));
