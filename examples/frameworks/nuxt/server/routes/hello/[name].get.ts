import { greetings } from '../../utils/metrics.ts';

export default defineEventHandler((event) => {
  greetings.inc();
  return `hello ${getRouterParam(event, 'name')}`;
});
