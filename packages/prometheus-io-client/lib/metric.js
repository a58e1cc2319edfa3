const { Metric } = require('./internals.js');
module.exports = { Metric };
