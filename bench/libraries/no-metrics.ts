import type { Library } from '../library.ts';
import emptyCall from './empty-call.ts';

/** A service without metrics: the limit for response times. */
export default { ...emptyCall, onlyIn: ['latency'] } satisfies Library;
