const { validateLabel, validateLabelName, validateMetricName } = require('./internals.js');
module.exports = { validateLabel, validateLabelName, validateMetricName };
