import { clausesOf } from './header-clauses.ts';

/**
 * Whether an Accept-Encoding header takes gzip: by name, or else by `*`, with a weight above 0. Every Prometheus does,
 * also one from 3.15 on that prefers zstd, which Node.js 20 does not have. Without gzip a response goes as it is, also to a
 * client that refuses `identity`.
 */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const clauses = clausesOf(acceptEncoding ?? '');
  const clause = clauses.find(({ value }) => value === 'gzip') ?? clauses.find(({ value }) => value === '*');
  return clause !== undefined && clause.weight > 0;
}
