module.exports = require('../index.js').Pushgateway;
