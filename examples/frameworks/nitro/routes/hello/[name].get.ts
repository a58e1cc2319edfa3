import { defineHandler } from 'nitro/h3';
import { requests } from '../../metrics.ts';

export default defineHandler((event) => {
  requests.inc();
  return `hello ${event.context.params?.['name']}`;
});
