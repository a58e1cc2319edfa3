module.exports = require('../internals.js').metricGroups.version;
