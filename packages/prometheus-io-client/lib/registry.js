module.exports = require('../index.js').Registry;
