module.exports = require('../index.js').Counter;
