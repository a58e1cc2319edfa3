module.exports = require('../internals.js').metricGroups.eventLoopLag;
