module.exports = require('../internals.js').metricGroups.heapSpacesSizeAndUsed;
