/** A made-up shop with every type of metric, a failing collector and a failing task, for pictures of the status page. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaults } from '../../src/collectors/index.ts';
import { Counter, Gauge, Histogram, Info, Registry, Scheduler, StateSet, Summary } from '../../src/index.ts';
import type { Setting } from '../../src/status-page/protocol.ts';
import type { RecordedScrape } from '../../src/status-page/server/page-options.ts';
import { createStatusPage, type StatusPage } from '../../src/status-page/server/status-page.ts';

const ROUTES = ['/', '/cart', '/checkout', '/products/:id', '/search'];
const REGIONS = ['eu-central', 'eu-west', 'us-east', 'us-west', 'ap-south'];
const TICK_MS = 100;

export interface DemoShop {
  readonly page: StatusPage;
  close(): Promise<void>;
}

export async function openShop(): Promise<DemoShop> {
  const registry = new Registry();
  collectDefaults({ registry });
  const stop = simulate(registry);
  registry.register({
    name: 'warehouse',
    collect: () => {
      throw new Error('connect ECONNREFUSED 10.0.4.17:5432');
    },
  });
  const scheduler = new Scheduler({ registry });
  scheduler.every('10s', () => delay(120), { name: 'refresh-prices', immediate: true });
  scheduler.every('1m', () => delay(800), { name: 'export-orders', immediate: true });
  scheduler.every(
    '5s',
    () => {
      throw new Error('The mail server rejected the message: 451 4.7.1 try again later');
    },
    { name: 'send-receipts', immediate: true },
  );
  scheduler.start();
  const page = createStatusPage(
    {
      registry,
      scheduler,
      name: 'shop',
      description: 'The storefront of an example shop.',
      version: '4.7.0',
      history: 'always',
      runTasks: true,
      traceUrl: 'https://traces.example.com/trace/{trace_id}',
    },
    {
      links: [
        { path: 'metrics', text: 'Metrics' },
        { path: '-/healthy', text: 'Health' },
      ],
      scrapes: () => scrapes(Date.now()),
      configuration: SETTINGS,
    },
  );
  const close = async () => {
    stop();
    page.close();
    await scheduler.stop();
  };
  return { page, close };
}

/** Changes the metrics as traffic would. Returns what stops it. */
function simulate(registry: Registry): () => void {
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Total number of HTTP requests.',
    labelNames: ['method', 'route', 'code'],
    registry,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    unit: 'seconds',
    help: 'Duration of HTTP requests in seconds.',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registry,
  });
  const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Number of requests in flight.', registry });
  const sizes = new Summary({
    name: 'http_response_size_bytes',
    unit: 'bytes',
    help: 'Size of HTTP responses in bytes.',
    registry,
  });
  const orders = new Counter({
    name: 'shop_orders_total',
    help: 'Total number of orders.',
    labelNames: ['region'],
    registry,
  });
  const carts = new Gauge({
    name: 'shop_open_carts',
    help: 'Number of carts with at least one item.',
    labelNames: ['region'],
    registry,
  });
  const queue = new Gauge({
    name: 'shop_queue_length',
    help: 'Number of orders that wait for their confirmation.',
    registry,
  });
  const cache = new Gauge({
    name: 'shop_cache_hit_ratio',
    unit: 'ratio',
    help: 'Share of lookups that the cache answers.',
    registry,
  });
  const breaker = new StateSet({
    name: 'shop_payment_circuit',
    help: 'State of the circuit breaker of the payment service.',
    states: ['closed', 'half-open', 'open'],
    registry,
  });
  const features = new Info({
    name: 'shop_features',
    help: 'Enabled features.',
    labelNames: ['checkout', 'search'],
    registry,
  });
  features.set({ checkout: 'v3', search: 'vector' });
  const products = new Gauge({ name: 'shop_stock', help: 'Items in stock.', labelNames: ['product'], registry });
  for (let id = 1; id <= 400; id++) products.set({ product: `product-${id}` }, Math.floor(Math.random() * 500));
  let tick = 0;
  const answerRequest = () => {
    const route = ROUTES[Math.floor(Math.random() ** 1.8 * ROUTES.length)] ?? '/';
    const isSlow = Math.sin(tick / 160) > 0.75;
    const seconds = 0.004 * Math.exp(1.1 * normal()) * (isSlow ? 5 : 1) * (route === '/search' ? 3 : 1);
    const code = Math.random() < 0.01 ? '500' : '200';
    requests.inc({ method: route === '/checkout' ? 'POST' : 'GET', route, code });
    if (Math.random() < 0.02) durations.observe({ route }, seconds, { trace_id: randomBytes(16).toString('hex') });
    else durations.observe({ route }, seconds);
    sizes.observe(800 + 40_000 * Math.random() ** 4);
  };
  const timer = setInterval(() => {
    tick++;
    const load = 1 + 0.5 * Math.sin(tick / 90) + Math.random() * 0.3;
    for (let count = 0; count < load * 14; count++) answerRequest();
    inFlight.set(Math.max(0, Math.round(load * 4 + normal())));
    for (const region of REGIONS) {
      if (Math.random() < load * 0.12) orders.inc({ region });
      carts.set({ region }, Math.round(60 + 25 * Math.sin(tick / 110 + region.length) + 2 * normal()));
    }
    queue.set(Math.max(0, Math.round(6 + 6 * Math.sin(tick / 60) + normal())));
    cache.set(0.93 + 0.03 * Math.sin(tick / 75) + 0.004 * normal());
    breaker.switchTo(circuitAt(tick % 900));
    products.dec({ product: `product-${1 + Math.floor(Math.random() * 400)}` });
  }, TICK_MS);
  return () => clearInterval(timer);
}

function circuitAt(tick: number): 'closed' | 'half-open' | 'open' {
  return tick < 700 ? 'closed' : tick < 800 ? 'open' : 'half-open';
}

/** Returns a number that is normally distributed around 0. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function scrapes(now: number): readonly RecordedScrape[] {
  const latest = now - (now % 15_000);
  return Array.from({ length: 12 }, (_, index) => ({
    time: latest - index * 15_000,
    client: index % 3 === 2 ? '10.0.1.23' : '10.0.1.20',
    userAgent: index % 3 === 2 ? 'vmagent' : 'Prometheus/3.16.0',
    accept: index % 3 === 2 ? 'text/plain; version=0.0.4' : 'application/openmetrics-text; version=1.0.0',
    bytes: index === 5 ? 4096 : 11_300 + index * 17,
    ms: index === 5 ? 10_000 : 3.1 + (index % 4),
    status: index === 5 ? 499 : 200,
  }));
}

const SETTINGS: readonly Setting[] = [
  { group: 'Flags', name: '--web.listen-address', value: ':9464', isDefault: false, help: 'Addresses to listen on.' },
  {
    group: 'Flags',
    name: '--web.config.file',
    value: '/etc/shop/web.yml',
    isDefault: false,
    help: 'File with TLS and passwords.',
  },
  {
    group: 'Flags',
    name: '--web.max-requests',
    value: '40',
    isDefault: true,
    help: 'Maximum number of concurrent scrapes; 0 for no limit.',
  },
  {
    group: 'Flags',
    name: '--push.password',
    value: '<secret>',
    isDefault: false,
    help: 'Password for the Pushgateway.',
  },
  { group: 'Limits', name: 'Scrape timeout', value: '10s', isDefault: true, help: 'Maximum duration of a scrape.' },
];
