import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
  makeSummaryProvider,
  PrometheusModule,
} from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, Histogram, Summary } from 'prom-client';
import { requestAll, show } from './show.mjs';

const types = { counter_total: Counter, gauge: Gauge, histogram: Histogram, summary: Summary };

class Service {
  constructor(...metrics) {
    for (const [index, name] of Object.keys(types).entries()) show(name, metrics[index] instanceof types[name]);
    metrics[0].inc({ method: 'GET' }, 3);
    metrics[1].set({ method: 'GET' }, 2);
    metrics[2].observe({ method: 'GET' }, 0.2);
    metrics[3].observe({ method: 'GET' }, 7);
  }
}
Injectable()(Service);
Reflect.defineMetadata('design:paramtypes', [Object, Object, Object, Object], Service);
for (const [index, name] of Object.keys(types).entries()) InjectMetric(name)(Service, undefined, index);

class App {}
const options = { help: 'Help.', labelNames: ['method'] };
Module({
  imports: [PrometheusModule.register({ defaultLabels: { app: 'shop' } })],
  providers: [
    makeCounterProvider({ name: 'counter_total', ...options }),
    makeGaugeProvider({ name: 'gauge', ...options }),
    makeHistogramProvider({ name: 'histogram', ...options }),
    makeSummaryProvider({ name: 'summary', ...options }),
    Service,
  ],
})(App);
const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
await requestAll(app.getHttpServer(), ['/metrics']);
await app.close();
