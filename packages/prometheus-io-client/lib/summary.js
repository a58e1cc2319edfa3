module.exports = require('../index.js').Summary;
