const { exponentialBuckets, linearBuckets } = require('../index.js');
module.exports = { exponentialBuckets, linearBuckets };
