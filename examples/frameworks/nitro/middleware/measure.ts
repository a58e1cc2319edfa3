/** Measures the requests. */
import { h3Metrics } from 'zeroprom/instrument';

export default h3Metrics();
