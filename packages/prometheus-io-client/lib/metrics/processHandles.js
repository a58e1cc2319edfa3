module.exports = require('../internals.js').metricGroups.processHandles;
