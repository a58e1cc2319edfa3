module.exports = require('zeroprom/prometheus-io-client');
