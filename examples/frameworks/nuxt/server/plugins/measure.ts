/** Measures the requests. */
import { h3Metrics } from 'zeroprom/instrument';

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('request', h3Metrics());
});
