module.exports = require('../internals.js').metricGroups.processMaxFileDescriptors;
