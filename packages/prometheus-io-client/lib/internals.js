module.exports = require('../index.js')[Symbol.for('zeroprom.prom-client.lib')];
