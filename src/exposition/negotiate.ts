import type { Escaping } from './encoding/escaping.ts';
import type { Format } from './encoding/format.ts';
import { formats, text } from './formats.ts';
import { choose } from './negotiation.ts';

/** Result of {@link negotiate}. */
export interface Negotiated {
  /** Chosen format. */
  readonly format: Format;
  /** Chosen escaping scheme. */
  readonly escaping: Escaping;
  /** Value of the Content-Type header. It contains nothing from the request. */
  readonly contentType: string;
}

/** Options of {@link negotiate}. */
export interface NegotiateOptions {
  /**
   * Formats to choose from, in order of preference.
   *
   * @defaultValue all formats
   */
  readonly offers?: readonly Format[] | undefined;
  /**
   * Escaping scheme for clauses that name none.
   *
   * @defaultValue that of the format, which is `underscores` for most
   */
  readonly escaping?: Escaping | undefined;
}

/**
 * Chooses a format for an Accept header as Prometheus clients do: of the clauses that name an offered format, the one
 * with the highest weight, or the first of several. If no clause does, a catch-all gets the first offer, and any other
 * client the text format, which all can read. Catch-alls come last whatever their weight, because Prometheus 2.49 gave
 * its own the highest. The escaping scheme is that of the clause, or the default of the format (prometheus/common from
 * 0.73: asking for OpenMetrics 2.0 implies support for UTF-8 names).
 *
 * @example
 * ```ts
 * import { negotiate } from 'zeroprom/exposition';
 *
 * const { contentType } = negotiate('application/openmetrics-text;version=1.0.0, text/plain;q=0.5');
 * console.log(contentType); // application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores
 * ```
 */
export function negotiate(
  accept: string | undefined,
  { offers = formats, escaping }: NegotiateOptions = {},
): Negotiated {
  return choose(accept, { offers, fallback: offers.includes(text) ? text : (offers[0] ?? text), escaping });
}
