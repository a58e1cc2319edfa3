module.exports = require('./osMemoryHeap.js');
