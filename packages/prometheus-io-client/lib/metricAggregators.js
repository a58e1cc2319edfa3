const { AggregatorFactory, aggregators } = require('./internals.js');
module.exports = { AggregatorFactory, aggregators };
