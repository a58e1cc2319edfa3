module.exports = require('../internals.js').metricGroups.eventLoopUtilization;
