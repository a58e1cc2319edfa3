import type { LabelInput, Labels } from '../../model/labels.ts';
import { checkLabelName } from '../../model/naming.ts';

/**
 * The label names of a metric: a list of names, or an object with the allowed values of each label, which are a closed
 * list or `String`, `Number` or `Boolean` for all values of that type.
 *
 * @example
 * ```ts
 * import { Counter } from 'zeroprom';
 *
 * const requests = new Counter({
 *   name: 'http_requests_total',
 *   help: 'Total number of HTTP requests.',
 *   labelNames: { method: ['GET', 'POST'], code: Number },
 * });
 * requests.inc({ method: 'GET', code: 200 }); // The compiler rejects other methods, and so does the call.
 * ```
 */
export type LabelSchema = readonly string[] | LabelValueSchema;

/** The allowed values of each label. */
export interface LabelValueSchema {
  readonly [name: string]: readonly LabelInput[] | StringConstructor | NumberConstructor | BooleanConstructor;
}

type LabelValueOf<V> = V extends readonly (infer Value)[]
  ? Value
  : V extends StringConstructor
    ? string
    : V extends NumberConstructor
      ? number
      : V extends BooleanConstructor
        ? boolean
        : never;

/** The labels that calls on a metric with this schema must give; `never` for a metric without labels. */
export type LabelsOf<S extends LabelSchema> = S extends readonly []
  ? never
  : S extends readonly (infer Name extends string)[]
    ? { readonly [K in Name]: LabelInput }
    : { readonly [K in keyof S]: LabelValueOf<S[K]> };

/** The names of the labels of a schema. */
export type LabelName<S extends LabelSchema> = keyof LabelsOf<S> & string;

/** Some of the labels of a schema. The parameter `Names` makes a misspelt name a compile error. */
export type SomeLabels<S extends LabelSchema, Names extends LabelName<S>> = Pick<LabelsOf<S>, Names>;

/** The arguments of a call on a metric: labels first, if it has some. */
export type WithLabels<S extends LabelSchema, Rest extends unknown[]> = S extends readonly []
  ? Rest
  : [labels: LabelsOf<S>, ...Rest];

/** A schema without some labels. A list keeps its order. */
export type Without<S extends LabelSchema, Bound> = S extends readonly string[]
  ? WithoutNames<S, Bound>
  : S extends LabelValueSchema
    ? [Exclude<keyof S, Bound>] extends [never]
      ? readonly []
      : { readonly [K in Exclude<keyof S, Bound>]: S[K] }
    : never;

type WithoutNames<S extends readonly string[], Bound> = S extends readonly [
  infer First extends string,
  ...infer Others extends readonly string[],
]
  ? First extends Bound
    ? WithoutNames<Others, Bound>
    : readonly [First, ...WithoutNames<Others, Bound>]
  : S extends readonly []
    ? readonly []
    : readonly Exclude<S[number], Bound>[];

/**
 * Checks the names of a schema and returns them. `reserved` is the label name that samples of the metric's type use.
 */
export function labelNamesOf(schema: LabelSchema, metricName: string, reserved?: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) {
    throw new TypeError(`${metricName}: labelNames must be an array or an object, got ${String(schema)}.`);
  }
  const names: string[] = Array.isArray(schema) ? [...schema] : Object.keys(schema);
  const seen = new Set<string>();
  for (const name of names) {
    checkLabelName(name, metricName);
    if (name === reserved) {
      throw new RangeError(`${metricName}: label name "${name}" is reserved for metrics of this type.`);
    }
    if (seen.has(name)) throw new RangeError(`${metricName}: duplicate label name "${name}".`);
    seen.add(name);
  }
  return names;
}

/** The closed list of values of each label, as texts; undefined if all values are allowed. */
export function allowedValuesOf(schema: LabelSchema): readonly (ReadonlySet<string> | undefined)[] {
  if (Array.isArray(schema)) return schema.map(() => undefined);
  return Object.values(schema).map((values) => (Array.isArray(values) ? new Set(values.map(String)) : undefined));
}

/** All label combinations of a schema. Throws a TypeError unless every label has a closed list of values. */
export function labelProduct(schema: LabelSchema, metricName: string): Labels[] {
  const entries = Object.entries(schema);
  let product: Record<string, LabelInput>[] = [{}];
  for (const [name, values] of entries) {
    if (Array.isArray(schema) || !Array.isArray(values)) {
      throw new TypeError(
        `${metricName}: initialize requires a list of values for each label; label ${name} has none.`,
      );
    }
    product = product.flatMap((labels) => values.map((value: LabelInput) => ({ ...labels, [name]: value })));
  }
  return product;
}

/**
 * Throws a TypeError unless `labels` has exactly the labels `names`. Labels are own enumerable properties, as in
 * `Object.keys()`, but not inherited ones, such as a class's getters, and not symbols.
 */
export function checkLabels(labels: unknown, names: readonly string[], metricName: string): asserts labels is Labels {
  if (typeof labels !== 'object' || labels === null) {
    throw new TypeError(`${metricName}: labels must be an object with ${list(names)}, got ${String(labels)}.`);
  }
  if (areInOrder(labels, names)) return;
  const given = new Set(Object.keys(labels));
  for (const name of names) {
    if (!given.has(name)) throw new TypeError(`${metricName}: label ${name} is missing.`);
  }
  if (given.size > names.length) checkNames(given, names, metricName);
}

/** Fast path for new series, which may be frequent: whether the labels are own properties in the order of the names. */
function areInOrder(labels: object, names: readonly string[]): boolean {
  let count = 0;
  for (const name in labels) if (name !== names[count++] || !Object.hasOwn(labels, name)) return false;
  return count === names.length;
}

/** Throws a TypeError if one of the given names is not a label of the metric. */
export function checkNames(given: Iterable<string>, names: readonly string[], metricName: string): void {
  const known = new Set(names);
  for (const name of given) {
    if (!known.has(name)) throw new TypeError(`${metricName} has no label ${name}; it has ${list(names)}.`);
  }
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no labels' : names.join(', ');
}
