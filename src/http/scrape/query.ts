/** What a scrape asks for in its query. What is undefined was not asked. */
export interface ScrapeQuery {
  /** `name[]`: the families or samples to show. */
  readonly names: readonly string[] | undefined;
  /** `collect[]`: the collectors to ask. */
  readonly collect: readonly string[] | undefined;
  /** `exclude[]`: the collectors not to ask. */
  readonly exclude: readonly string[] | undefined;
}

/** A request that cannot be answered as it is: status 400. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

const MOST_PARAMETERS = 1000;

/**
 * Reads `name[]`, `collect[]` and `exclude[]` of a URL's query; other parameters do not count. Throws a BadRequest for a
 * broken percent escape, for more than 1,000 parameters and for `collect[]` together with `exclude[]`.
 */
export function parseScrapeQuery(url: string): ScrapeQuery {
  const parameters = parametersOf(url);
  const all = (key: string) => {
    const values = parameters.filter(([name]) => name === key).map(([, value]) => value);
    return values.length === 0 ? undefined : [...new Set(values)];
  };
  const query = { names: all('name[]'), collect: all('collect[]'), exclude: all('exclude[]') };
  if (query.collect && query.exclude) throw new BadRequest('Combined collect and exclude queries are not allowed.');
  return query;
}

/** Names and values of a query, decoded. Throws a BadRequest where that cannot be done. */
export function parametersOf(url: string): [name: string, value: string][] {
  const start = url.indexOf('?');
  if (start === -1) return [];
  const parts = url.slice(start + 1).split('&', MOST_PARAMETERS + 1);
  if (parts.length > MOST_PARAMETERS) throw new BadRequest(`More than ${MOST_PARAMETERS} parameters in the query.`);
  return parts.map((part) => {
    const equals = part.indexOf('=');
    if (equals === -1) return [decoded(part), ''];
    return [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new BadRequest('The query has a percent escape that is none.');
  }
}
