module.exports = require('./internals.js').TimeWindowQuantiles;
