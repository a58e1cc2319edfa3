import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { type FetchRequest, type FetchResponse, startFetch } from './fetch.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

/** The part of a GraphQL Yoga server that is used. */
interface YogaServer {
  readonly graphqlEndpoint: string;
}

interface OnRequest {
  readonly request: FetchRequest;
  readonly url: { readonly pathname: string };
  readonly fetchAPI: {
    readonly URLPattern: new (pattern: { pathname: string }) => { test(input: { pathname: string }): boolean };
  };
  /** On Node.js, with the `node:http` messages. */
  readonly serverContext: object | undefined;
}

interface OnResponse {
  readonly request: FetchRequest;
  readonly response: FetchResponse;
}

/** A plugin of GraphQL Yoga. */
interface YogaPlugin {
  onYogaInit(payload: { readonly yoga: YogaServer }): void;
  onRequest(payload: OnRequest): void;
  onResponse(payload: OnResponse): void;
}

/**
 * Creates a plugin for GraphQL Yoga 5 that measures requests. Put it first in `plugins`. The route is the GraphQL
 * endpoint, and `other` for all other paths. On Node.js a request is measured until its response has been sent,
 * elsewhere until there is a response.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```js
 * import { createServer } from 'node:http';
 * import { createSchema, createYoga } from 'graphql-yoga';
 * import { yogaMetrics } from 'zeroprom/instrument';
 *
 * const schema = createSchema({ typeDefs: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'Hello' } } });
 * createServer(createYoga({ schema, plugins: [yogaMetrics()] })).listen(8080);
 * ```
 */
export function yogaMetrics(metrics: HttpServerMetrics = defaultServerMetrics()): YogaPlugin {
  const ends = new WeakMap<FetchRequest, (response: FetchResponse) => void>();
  let endpoint = '/graphql';
  return {
    onYogaInit({ yoga }) {
      endpoint = yoga.graphqlEndpoint;
    },
    onRequest({ request, url, fetchAPI, serverContext }) {
      const { pathname } = url;
      const route = () => {
        const isEndpoint = new fetchAPI.URLPattern({ pathname: endpoint }).test({ pathname: withoutSlash(pathname) });
        return isEndpoint ? endpoint : undefined;
      };
      const { req, res } = (serverContext ?? {}) as { req?: HttpRequest; res?: HttpResponse };
      if (req !== undefined && res !== undefined) metrics.track(req, res, route);
      else ends.set(request, startFetch(metrics, request, route));
    },
    onResponse({ request, response }) {
      ends.get(request)?.(response);
    },
  };
}

/** Yoga answers the endpoint with a slash at its end, too. */
function withoutSlash(pathname: string): string {
  return pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
}
