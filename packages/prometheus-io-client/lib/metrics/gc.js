module.exports = require('../internals.js').metricGroups.gc;
