import type { Family, LabelList } from '../../protocol.ts';

/** Returns the query for the values that the page shows of a family or of one of its series. */
export function promqlFor({ name, type }: Pick<Family, 'name' | 'type'>, labels?: LabelList): string {
  const exposed = type === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
  switch (type) {
    case 'counter':
      return labels ? `rate(${selector(exposed, labels)}[5m])` : `sum(rate(${selector(exposed)}[5m]))`;
    case 'histogram':
      return `histogram_quantile(0.9, sum by (le) (rate(${selector(`${name}_bucket`, labels)}[5m])))`;
    case 'gaugehistogram':
      return `histogram_quantile(0.9, sum by (le) (${selector(`${name}_bucket`, labels)}))`;
    case 'summary':
      return `rate(${selector(`${name}_sum`, labels)}[5m]) / rate(${selector(`${name}_count`, labels)}[5m])`;
    case 'info':
      return selector(name.endsWith('_info') ? name : `${name}_info`, labels);
    case 'stateset':
      return `${selector(name, labels)} == 1`;
    case 'gauge':
    case 'unknown':
      return selector(name, labels);
  }
}

function selector(name: string, labels: LabelList = []): string {
  const isPlain = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const matchers = labels.map(([label, value]) => {
    return `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : quoted(label)}=${quoted(value)}`;
  });
  if (!isPlain) matchers.unshift(quoted(name));
  return `${isPlain ? name : ''}${matchers.length > 0 ? `{${matchers.join(', ')}}` : ''}`;
}

/** Strings of PromQL have the escapes of JSON. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
