module.exports = require('../index.js').Gauge;
