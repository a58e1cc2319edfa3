module.exports = require('../internals.js').metricGroups.processCpuTotal;
