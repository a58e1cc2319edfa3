import type { RequestOptions } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import type { BaseRegistry } from '../registry/base-registry.ts';
import { Registry } from '../registry/registry.ts';
import { type PushResult, send } from './send.ts';

/** Whose metrics are pushed, and the labels of their group. */
export interface PushParameters {
  readonly jobName?: unknown;
  readonly groupings?: Readonly<Record<string, unknown>>;
}

/** Pushes the metrics of a registry to a Pushgateway. */
export class Pushgateway {
  readonly registry: Pick<BaseRegistry, 'metrics' | 'contentType'>;
  readonly gatewayUrl: string;
  readonly requireJobName: unknown;
  /** Passed on to `http.request()`. */
  readonly requestOptions: Readonly<Record<string, unknown>>;

  /** `options` are those of `http.request()`, and `requireJobName`, true by default. */
  constructor(
    gatewayUrl: string,
    options?: Readonly<Record<string, unknown>> | null,
    registry?: Pick<BaseRegistry, 'metrics' | 'contentType'>,
  ) {
    this.registry = registry || Registry.globalRegistry;
    this.gatewayUrl = gatewayUrl;
    const { requireJobName, ...requestOptions } = { requireJobName: true, ...options };
    this.requireJobName = requireJobName;
    this.requestOptions = requestOptions;
  }

  /** Replaces metrics of the group that have the same names. */
  pushAdd(parameters?: PushParameters): Promise<PushResult> {
    return this.#request('POST', parameters);
  }

  /** Replaces all metrics of the group. */
  push(parameters?: PushParameters): Promise<PushResult> {
    return this.#request('PUT', parameters);
  }

  /** Deletes all metrics of the group. */
  delete(parameters?: PushParameters): Promise<PushResult> {
    return this.#request('DELETE', parameters);
  }

  /** Returns the address of a request, as an option of `http.request()` or as its first argument. */
  protected address(url: URL, path: string): { readonly target?: URL; readonly address: object } {
    return { address: { ...urlToHttpOptions(url), path } };
  }

  #request(method: string, { jobName, groupings }: PushParameters = {}): Promise<PushResult> {
    if (this.requireJobName && !jobName) throw new Error('Missing jobName parameter');
    return this.#send(method, jobName, groupings ?? {});
  }

  async #send(method: string, jobName: unknown, groupings: Readonly<Record<string, unknown>>): Promise<PushResult> {
    const url = new URL(this.gatewayUrl);
    const isDelete = method === 'DELETE';
    const { target, address } = this.address(url, pushPath(url, jobName, groupings));
    const { headers } = this.requestOptions;
    // A copy for each request. Requests to delete have no body, and so no encoding.
    const entries = Object.entries(headers ?? {}).filter(
      ([name]) => !(isDelete && name.toLowerCase() === 'content-encoding'),
    );
    const own = headers ? { headers: Object.fromEntries(entries) } : {};
    return send({
      target,
      isSecure: url.protocol === 'https:',
      // The caller passes options of http.request().
      options: { ...address, ...this.requestOptions, ...own, method } as RequestOptions,
      contentType: this.registry.contentType,
      body: isDelete ? undefined : () => this.registry.metrics(),
    });
  }
}

/** Returns the path of a group of metrics, `/metrics/job/NAME/LABEL/VALUE`, below the path of the URL. */
function pushPath(gateway: URL, jobName: unknown, groupings: Readonly<Record<string, unknown>> = {}): string {
  const base = gateway.pathname.replace(/\/+$/, '');
  if (!jobName) return `${base}/metrics`;
  const labels = Object.entries(groupings).map(([name, value]) => segments(name, value));
  return [`${base}/metrics`, segments('job', jobName), ...labels].join('/');
}

/** Returns a label and its value as parts of a path. Empty values and those with slashes are written in base64. */
function segments(name: string, value: unknown): string {
  const label = encodeURIComponent(name);
  const text = `${value}`;
  if (text === '') return `${label}@base64/=`;
  if (!text.includes('/')) return `${label}/${encodeURIComponent(text)}`;
  return `${label}@base64/${Buffer.from(text).toString('base64url')}`;
}
