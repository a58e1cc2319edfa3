/**
 * A text exposition of about `bytes` bytes with the mix of metrics of a service: half of its lines are buckets of
 * histograms, the rest are counters, gauges and summaries. The result depends only on the size.
 */
export function textExposition(bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  for (let family = 0; length < bytes; family++) {
    const part = KINDS[family % KINDS.length]!(family);
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const CODES = ['200', '201', '204', '301', '400', '404', '500', '503'];
const HANDLERS = Array.from({ length: 16 }, (_, index) => `/api/v1/resource-${index}/items`);
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
const KINDS = [counter, histogram, gauge, summary];

function counter(family: number): string {
  const name = `http_requests_${family}_total`;
  const lines = each((method, code, handler, index) => [
    `${name}{method="${method}",code="${code}",handler="${handler}"} ${index * 7919 + family}`,
  ]);
  return block(name, 'counter', lines);
}

function histogram(family: number): string {
  const name = `http_request_duration_seconds_${family}`;
  const lines = METHODS.flatMap((method) =>
    HANDLERS.flatMap((handler, index) => {
      const labels = `method="${method}",handler="${handler}"`;
      const buckets = BOUNDS.map((le, at) => `${name}_bucket{${labels},le="${le}"} ${index * 100 + at * 13}`);
      const count = index * 100 + (BOUNDS.length - 1) * 13;
      return [...buckets, `${name}_sum{${labels}} ${count * 0.123456789}`, `${name}_count{${labels}} ${count}`];
    }),
  );
  return block(name, 'histogram', lines);
}

function gauge(family: number): string {
  const name = `queue_depth_${family}`;
  const lines = each((method, code, handler, index) => [
    `${name}{queue="${method}",shard="${code}",path="${handler}"} ${index / 7 - family}`,
  ]);
  return block(name, 'gauge', lines);
}

function summary(family: number): string {
  const name = `rpc_duration_seconds_${family}`;
  const lines = HANDLERS.flatMap((handler, index) => [
    ...['0.5', '0.9', '0.99'].map((quantile) => `${name}{service="${handler}",quantile="${quantile}"} ${index / 1000}`),
    `${name}_sum{service="${handler}"} ${index * 17.5}`,
    `${name}_count{service="${handler}"} ${index * 31}`,
  ]);
  return block(name, 'summary', lines);
}

function each(line: (method: string, code: string, handler: string, index: number) => string[]): string[] {
  let index = 0;
  return METHODS.flatMap((method) =>
    CODES.flatMap((code) => HANDLERS.flatMap((handler) => line(method, code, handler, index++))),
  );
}

function block(name: string, type: string, lines: string[]): string {
  return `# HELP ${name} What this is about.\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}
