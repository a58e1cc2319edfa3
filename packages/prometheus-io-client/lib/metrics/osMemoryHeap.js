module.exports = require('../internals.js').metricGroups.osMemoryHeap;
