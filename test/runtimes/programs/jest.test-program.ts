/** Modules with metrics that Jest evaluates again after `jest.resetModules()`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const APPLICATION = `
const express = require('express');
const { Counter, metricsHandler } = require('zeroprom');
const { collectDefaults } = require('zeroprom/collectors');
const { expressMetrics } = require('zeroprom/instrument');
collectDefaults();
exports.counter = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
exports.application = express().use(expressMetrics()).get('/metrics', metricsHandler());
`;

const TESTS = `
const { once } = require('node:events');
const { defaultRegistry } = require('zeroprom');

test('the application is loaded twice, and each copy has metrics of its own', async () => {
  for (const round of [1, 2]) {
    jest.resetModules();
    const { application, counter } = require('./application.js');
    counter.inc();
    const server = application.listen(0);
    await once(server, 'listening');
    const response = await fetch('http://127.0.0.1:' + server.address().port + '/metrics');
    const text = await response.text();
    expect(text).toMatch(/^hello_requests_total 1$/m);
    expect(text).toMatch(/^process_start_time_seconds /m);
    expect(text).toMatch(/^http_requests_in_flight 0$/m);
    await new Promise((resolve) => server.close(resolve));
  }
});

test('isolated modules have metrics of their own', () => {
  for (const round of [1, 2]) jest.isolateModules(() => require('./application.js').counter.inc());
});
`;

test('jest.resetModules() and jest.isolateModules() load modules with metrics again', (t) => {
  mkdirSync('work', { recursive: true });
  const folder = mkdtempSync('work/jest-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(folder, 'application.js'), APPLICATION);
  writeFileSync(join(folder, 'application.test.js'), TESTS);
  const args = ['../../node_modules/jest/bin/jest.js', '--rootDir=.', '--runInBand', '--watchman=false'];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /did not exit/, 'No timer or server keeps Jest from ending.');
});
