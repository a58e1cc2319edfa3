import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../http/serve.ts';
import { needs } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

test(
  'warnings in the log of a Prometheus are found, however its version writes them',
  needs('prometheus'),
  async (t) => {
    const now = Date.now();
    let value = 0;
    const url = await serve(t, (_, response) => {
      value++;
      response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(`changed ${value} ${now}\n`);
    });
    const prometheus = await Prometheus.start(t, { target: new URL(url).host, interval: '200ms' });
    await until('the log complains', async () => prometheus.complaints.length > 0);
    assert.match(prometheus.complaints[0] ?? '', /same timestamp/i);
  },
);
