import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';
import './custom.css';

/** An exposition, to show what the package is about. */
const exposition = `# HELP orders_total Total number of orders.
# TYPE orders_total counter
orders_total{result="paid"} 1027
orders_total{result="refused"} 3
# HELP payment_duration_seconds Duration of payments.
# TYPE payment_duration_seconds histogram
payment_duration_seconds_bucket{le="0.1"} 981
payment_duration_seconds_bucket{le="0.5"} 1019
payment_duration_seconds_bucket{le="+Inf"} 1030
payment_duration_seconds_sum 53.2
payment_duration_seconds_count 1030`;

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'home-hero-image': () => h('pre', { class: 'home-exposition' }, exposition.split('\n').map(line)),
    }),
};

function line(text: string) {
  const [, start = text, value = ''] = /^(.+) ([\d.]+)$/.exec(text) ?? [];
  if (text.startsWith('#')) return h('span', { class: 'comment' }, `${text}\n`);
  return [`${start} `, h('span', { class: 'value' }, `${value}\n`)];
}
