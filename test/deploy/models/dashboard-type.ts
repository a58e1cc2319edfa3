import type { Dashboard, FieldConfig, FieldConfigSource, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { FieldConfig as LineConfig, Options as LineOptions } from '@grafana/grafana-foundation-sdk/timeseries';

/** A dashboard as JSON, with the panels that the dashboards of this repository use. */
export type DashboardJson = Omit<Json<Dashboard>, 'panels'> & {
  panels: (PanelJson<'timeseries', LineOptions, LineConfig> | PanelJson<'stat', StatOptions, never>)[];
};

/** The SDK has only `any` for the parts that depend on the type of a panel. */
type PanelJson<Type, Options, Custom> = Omit<Json<Panel>, 'type' | 'targets' | 'options' | 'fieldConfig'> & {
  type: Type;
  targets: Json<Dataquery>[];
  options: Json<Options>;
  fieldConfig: Omit<Json<FieldConfigSource>, 'defaults'> & {
    defaults: Omit<Json<FieldConfig>, 'custom'> & { custom?: Json<Custom> };
  };
};

/** Values instead of members of enums, and no methods. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? number extends T
      ? number
      : `${T}` extends `${infer N extends number}`
        ? N
        : never
    : T extends readonly (infer Element)[]
      ? Json<Element>[]
      : T extends object
        ? { [Key in keyof T as T[Key] extends (...args: never) => unknown ? never : Key]: Json<T[Key]> }
        : T;
