const { getLabels, getValueAsString, hashObject, isObject, nowTimestamp } = require('./internals.js');
module.exports = { getLabels, getValueAsString, hashObject, isObject, nowTimestamp };
