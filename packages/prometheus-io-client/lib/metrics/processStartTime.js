module.exports = require('../internals.js').metricGroups.processStartTime;
