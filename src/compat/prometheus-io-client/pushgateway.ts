import { Pushgateway as PromClientPushgateway } from '../prom-client/push/pushgateway.ts';
import type { BaseRegistry } from '../prom-client/registry/base-registry.ts';
import { Registry } from './registry.ts';

/** Pushes the metrics of a registry to a Pushgateway. The registry may take the place of the options. */
export class Pushgateway extends PromClientPushgateway {
  constructor(
    gatewayUrl: string,
    options?: Readonly<Record<string, unknown>> | Registry | null,
    registry: Pick<BaseRegistry, 'metrics' | 'contentType'> = Registry.globalRegistry,
  ) {
    if (options instanceof Registry) super(gatewayUrl, {}, options);
    else super(gatewayUrl, options, registry);
  }

  protected override address(url: URL, path: string): { readonly target: URL; readonly address: object } {
    const target = new URL(url);
    target.pathname = path;
    return { target, address: {} };
  }
}
