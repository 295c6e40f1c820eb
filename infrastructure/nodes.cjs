const { readdirSync } = require('node:fs');
const { join } = require('node:path');

/** The functions of the service: one for each file of handlers/. */
exports.nodes = readdirSync(join(__dirname, '../handlers')).map((file) => file.replace(/\.ts$/, ''));

/** What the logical ids of a function's resources begin with in the stack. */
exports.toLogicalId = (node) => `${node[0].toUpperCase()}${node.slice(1).replaceAll('-', 'Dash')}`;
