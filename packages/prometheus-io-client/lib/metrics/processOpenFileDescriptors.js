module.exports = require('../internals.js').metricGroups.processOpenFileDescriptors;
