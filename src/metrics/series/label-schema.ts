import type { LabelInput, Labels } from '../../model/labels.ts';
import { checkLabelName } from '../../model/naming.ts';

/**
 * The label names of a metric: a list, or an object that says for each label which values it takes: a closed list, or
 * `String`, `Number`, `Boolean` for any of the kind.
 */
export type LabelSchema = readonly string[] | LabelValueSchema;

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

/** The labels that a call on a metric with this schema must give; `never` for a metric without labels. */
export type LabelsOf<S extends LabelSchema> = S extends readonly []
  ? never
  : S extends readonly (infer Name extends string)[]
    ? { readonly [K in Name]: LabelInput }
    : { readonly [K in keyof S]: LabelValueOf<S[K]> };

export type LabelName<S extends LabelSchema> = keyof LabelsOf<S> & string;

/** Some of the labels, `Names`; naming them makes a misspelt one an error. */
export type SomeLabels<S extends LabelSchema, Names extends LabelName<S>> = Pick<LabelsOf<S>, Names>;

/** The arguments of a call on a metric: labels first where it has some. */
export type WithLabels<S extends LabelSchema, Rest extends unknown[]> = S extends readonly []
  ? Rest
  : [labels: LabelsOf<S>, ...Rest];

/** The arguments of `labels()`: one object, or the values in the order of the names. */
export type LabelArguments<S extends LabelSchema> = S extends readonly []
  ? []
  : S extends readonly string[]
    ? [labels: LabelsOf<S>] | [first: LabelInput, ...others: OtherValues<S>]
    : [labels: LabelsOf<S>];

type OtherValues<S extends readonly string[]> = S extends readonly [string, ...infer Others]
  ? { [K in keyof Others]: LabelInput }
  : LabelInput[];

/** A schema without the labels that are bound. A list keeps its order. */
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

/** The names of a schema, checked. `reserved` is the one that the type of the metric writes itself. */
export function labelNamesOf(schema: LabelSchema, metricName: string, reserved?: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) {
    throw new TypeError(`${metricName}: labelNames is a list or an object, not ${String(schema)}.`);
  }
  const names: string[] = Array.isArray(schema) ? [...schema] : Object.keys(schema);
  const seen = new Set<string>();
  for (const name of names) {
    checkLabelName(name, metricName);
    if (name === reserved) throw new RangeError(`${metricName}: label name "${name}" is written by the metric itself.`);
    if (seen.has(name)) throw new RangeError(`${metricName}: label name "${name}" is given twice.`);
    seen.add(name);
  }
  return names;
}

/** The closed list of values of each label, as texts; undefined where any value will do. */
export function allowedValuesOf(schema: LabelSchema): readonly (ReadonlySet<string> | undefined)[] {
  if (Array.isArray(schema)) return schema.map(() => undefined);
  return Object.values(schema).map((values) => (Array.isArray(values) ? new Set(values.map(String)) : undefined));
}

/** All combinations of the values of a schema whose labels all have closed lists of them. */
export function labelProduct(schema: LabelSchema, metricName: string): Labels[] {
  const entries = Object.entries(schema);
  let product: Record<string, LabelInput>[] = [{}];
  for (const [name, values] of entries) {
    if (Array.isArray(schema) || !Array.isArray(values)) {
      throw new TypeError(`${metricName}: initialize needs the values of each label; ${name} has no list of them.`);
    }
    product = product.flatMap((labels) => values.map((value: LabelInput) => ({ ...labels, [name]: value })));
  }
  return product;
}

/** The text of a label value. Lone surrogates, which UTF-8 cannot hold, become U+FFFD. */
export function labelText(value: unknown, labelName: string, metricName: string): string {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const kind = value === null ? 'null' : typeof value;
  throw new TypeError(`${metricName}: label ${labelName} takes a string, number or boolean, not ${kind}.`);
}

/**
 * Throws a TypeError unless `labels` has exactly `names`. Its labels are its own enumerable properties, as in `Object.keys()`:
 * neither inherited ones, such as a class's getters, nor symbols.
 */
export function checkLabels(labels: unknown, names: readonly string[], metricName: string): asserts labels is Labels {
  if (typeof labels !== 'object' || labels === null) {
    throw new TypeError(`${metricName} takes its labels as an object with ${list(names)}, not ${String(labels)}.`);
  }
  const given = new Set(Object.keys(labels));
  for (const name of names) {
    if (!given.has(name)) throw new TypeError(`${metricName}: label ${name} is missing.`);
  }
  if (given.size > names.length) checkNames(given, names, metricName);
}

/** Throws a TypeError where one of the names given is not the name of a label. */
export function checkNames(given: Iterable<string>, names: readonly string[], metricName: string): void {
  const known = new Set(names);
  for (const name of given) {
    if (!known.has(name)) throw new TypeError(`${metricName} has no label ${name}; it has ${list(names)}.`);
  }
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no labels' : names.join(', ');
}
