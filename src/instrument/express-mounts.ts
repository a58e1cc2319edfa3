/** An Express route and where it matched. */
export interface MatchedRoute {
  readonly route: { readonly path: unknown };
  readonly app: unknown;
  /** The part of the raw URL that was matched by the routers around the route. */
  readonly baseUrl: string;
}

/** The part of an application that is used: the template it is mounted at in another, and its router. */
interface App {
  path?(): string;
  readonly router?: unknown;
  /** The router in Express 4, where `router` throws. */
  readonly _router?: unknown;
}

/** The part of a router's layer that is used. */
interface Layer {
  readonly route?: unknown;
  readonly handle?: { readonly stack?: readonly Layer[] };
  /** Matches the beginning of a path. The match is the result, or is left in fields of the layer. */
  match?(path: string): boolean | Match | undefined;
  readonly path?: string;
  readonly params?: Match['params'];
}

interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const MAX_KNOWN = 1_000;
/** Templates by application and raw path; most servers have few. */
const known = new WeakMap<object, Map<string, string | undefined>>();

/**
 * Returns the template of the routers around a route: `/users/:id` for a `baseUrl` of `/users/42`. Express keeps the
 * matched path but not the template, so the routers have to match it again. Undefined if they do not reveal the
 * template.
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
  // A mounted application has matched as many segments as its template has.
  const rest = `/${baseUrl.split('/').slice(mount.split('/').length).join('/')}`;
  // Each is a router if present; Express does not type them.
  const router = (app._router ?? app.router) as { readonly stack?: readonly Layer[] } | undefined;
  const inner = rest === '/' ? '' : walk(router?.stack ?? [], rest);
  return inner === undefined ? undefined : mount + inner;
}

/** Returns the joined templates of nested routers that together match all of the path. */
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

/** Replaces parameter values by their names. Lower case, because Express ignores case. */
function templateOf({ path, params }: Match): string {
  const names = new Map(Object.entries(params).map(([name, value]) => [String(value), name]));
  let found = 0;
  const segments = path.split('/').map((segment) => {
    const name = names.get(decoded(segment));
    if (name === undefined) return segment.toLowerCase();
    found++;
    return `:${name}`;
  });
  // Parameters that are only a part of a segment cannot be found in it.
  return found === names.size ? segments.join('/') : `/${[...names.values()].map((name) => `:${name}`).join('/')}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
