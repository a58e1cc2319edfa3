module.exports = require('../internals.js').metricGroups.processResources;
