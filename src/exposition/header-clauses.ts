/** An item of an Accept or Accept-Encoding header. */
export interface Clause {
  /** In lower case: `text/plain`, `gzip`. */
  readonly value: string;
  /** Names in lower case; of two with the same name the last counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The weight, `q`; 1 where none is given or it is no number. */
  readonly weight: number;
}

/** Servers send some 500 characters and five clauses. More than this is not read. */
const MAX_LENGTH = 4096;
const MAX_CLAUSES = 64;

/** What a header lists (RFC 9110, section 12.5), the most wanted first; what has no weight is not wanted at all. */
export function clausesOf(header: string): Clause[] {
  return header
    .slice(0, MAX_LENGTH)
    .split(',', MAX_CLAUSES)
    .map(clauseOf)
    .sort((a, b) => b.weight - a.weight);
}

function clauseOf(text: string): Clause {
  const [value = '', ...parts] = text.split(';');
  const parameters = new Map(parts.map(parameterOf));
  const weight = Number.parseFloat(parameters.get('q') ?? '1');
  return { value: value.trim().toLowerCase(), parameters, weight: Number.isNaN(weight) ? 1 : weight };
}

function parameterOf(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals === -1) return [text.trim().toLowerCase(), ''];
  return [text.slice(0, equals).trim().toLowerCase(), unquote(text.slice(equals + 1).trim())];
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
