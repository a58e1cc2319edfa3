module.exports = require('zeroprom/prom-client');
