/** A route of Express and where it matched. */
export interface MatchedRoute {
  readonly route: { readonly path: unknown };
  readonly app: unknown;
  /** The part of the raw URL that the routers around the route took. */
  readonly baseUrl: string;
}

/** What is used of an application: its template where it is mounted in another, and its router. */
interface App {
  path?(): string;
  readonly router?: unknown;
  /** In Express 4, where `router` throws. */
  readonly _router?: unknown;
}

/** What is used of a step in a router. */
interface Layer {
  readonly route?: unknown;
  readonly handle?: { readonly stack?: readonly Layer[] };
  /** Says whether the path begins as it should: in a result, or in fields of the layer. */
  match?(path: string): boolean | Match | undefined;
  readonly path?: string;
  readonly params?: Match['params'];
}

interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const MAX_KNOWN = 1_000;
/** Templates of raw paths, as most servers have few of them. */
const known = new WeakMap<object, Map<string, string | undefined>>();

/**
 * The template of the routers around a route: `/users/:id` for a `baseUrl` of `/users/42`. Express keeps what matched and
 * not what it was matched with, so the routers are asked once more. Undefined where they do not say.
 */
export function mountTemplate({ app, baseUrl }: MatchedRoute): string | undefined {
  if (baseUrl === '') return '';
  if (typeof app !== 'function' && typeof app !== 'object') return undefined;
  if (app === null) return undefined;
  const templates = known.get(app) ?? new Map<string, string | undefined>();
  known.set(app, templates);
  if (!templates.has(baseUrl)) {
    if (templates.size >= MAX_KNOWN) templates.clear();
    templates.set(baseUrl, templateIn(app, baseUrl));
  }
  return templates.get(baseUrl);
}

function templateIn(app: App, baseUrl: string): string | undefined {
  const mount = app.path?.() ?? '';
  // A mounted application has taken as many segments as its template has.
  const rest = `/${baseUrl.split('/').slice(mount.split('/').length).join('/')}`;
  const inner = rest === '/' ? '' : walk(stackOf(app), rest);
  return inner === undefined ? undefined : mount + inner;
}

function stackOf(app: App): readonly Layer[] {
  // Either is a router, if it is there; Express does not type them.
  const router = (app._router ?? app.router) as { readonly stack?: readonly Layer[] } | undefined;
  return router?.stack ?? [];
}

/** The templates of nested routers that take the whole of the path. */
function walk(stack: readonly Layer[], path: string): string | undefined {
  for (const layer of stack) {
    const inner = layer.handle?.stack;
    if (layer.route !== undefined || inner === undefined) continue;
    const match = matchOf(layer, path);
    if (match === undefined) continue;
    const rest = path.slice(match.path.length);
    const template = rest === '' || rest === '/' ? '' : walk(inner, rest);
    if (template !== undefined) return templateOf(match) + template;
  }
  return undefined;
}

function matchOf(layer: Layer, path: string): Match | undefined {
  const result = layer.match?.(path);
  if (typeof result === 'object') return result;
  return result === true ? { path: layer.path ?? '', params: layer.params ?? {} } : undefined;
}

/** What matched, with names for the values of its parameters. In lower case, as Express matches any. */
function templateOf({ path, params }: Match): string {
  const names = new Map(Object.entries(params).map(([name, value]) => [String(value), name]));
  let found = 0;
  const segments = path.split('/').map((segment) => {
    const name = names.get(decoded(segment));
    if (name === undefined) return segment.toLowerCase();
    found++;
    return `:${name}`;
  });
  // Parameters that are parts of segments cannot be told from what is around them.
  return found === names.size ? segments.join('/') : `/${[...names.values()].map((name) => `:${name}`).join('/')}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
