/** Compiled with the types of the real packages and with ours: the compiler must report the same. */
import * as hono from '@hono/prometheus';
import * as promster from '@promster/metrics';
import * as nest from '@willsoto/nestjs-prometheus';
import bundle from 'express-prom-bundle';
import fastify from 'fastify';
import metrics13 from 'fastify-metrics-13';
import metrics14 from 'fastify-metrics-14';
import { type Counter, type Histogram, Registry, register } from 'prom-client';

export const middleware = bundle({ promRegistry: register, includeMethod: true });
export const { registerMetrics } = hono.prometheus({ registry: new Registry() });
export const plugins = [fastify().register(metrics13.default), fastify().register(metrics14.default)];
export const provider = nest.makeCounterProvider({ name: 'a', help: 'Help.', labelNames: ['b'] });
export const counter: Counter<string> = promster.createCounter({ name: 'a', help: 'Help.' });
export const histogram: Histogram = promster.createHistogram({ name: 'b', help: 'Help.', buckets: [1] });
// @ts-expect-error a registry is not a number
bundle({ promRegistry: 1 });
