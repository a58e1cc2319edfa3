module.exports = require('../internals.js').metricGroups.processRequests;
