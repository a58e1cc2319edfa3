module.exports = require('../internals.js').metricGroups.heapSizeAndUsed;
