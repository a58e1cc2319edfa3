import { inspect } from 'node:util';
import { isLegacyLabelName, isLegacyMetricName } from '../../../model/naming.ts';

/** Labels as callers of prom-client give them: any values, some of the declared names. */
export type LabelObject = Readonly<Record<string, unknown>>;

export const NO_LABELS: LabelObject = {};

/** Whether prom-client accepts a name. Any value is converted to a string. */
export function validateMetricName(name: unknown): boolean {
  return isLegacyMetricName(String(name));
}

export function validateLabelName(name: unknown): boolean {
  return isLegacyLabelName(String(name));
}

/** Whether prom-client takes the value for labels: any object, including arrays, but not null. */
export function isObject(value: unknown): value is LabelObject {
  return value !== null && typeof value === 'object';
}

/** Throws if a label, own or inherited, was not declared. The error lists the declared names in the order of `list`. */
export function checkDeclared(labels: LabelObject, declared: readonly string[], list: NameOrder = asDeclared): void {
  for (const name in labels) {
    if (declared.includes(name)) continue;
    throw new Error(`Added label "${name}" is not included in initial labelset: ${inspect(list(declared))}`);
  }
}

/** Orders the names of labels for an error. */
export type NameOrder = (declared: readonly string[]) => readonly string[];

export function asDeclared(declared: readonly string[]): readonly string[] {
  return declared;
}

/** The labels of a call of `labels()` or `remove()`: one object, or a value for each declared name. */
export function labelsOfArguments(declared: readonly string[], values: readonly unknown[]): LabelObject {
  const first = values[0];
  if (typeof first === 'object') return first === null ? NO_LABELS : (first as LabelObject);
  if (values.length !== declared.length) {
    throw new Error(
      `Invalid number of arguments (${values.length}): "${values.join(', ')}" for label names (${declared.length}): "${declared.join(', ')}".`,
    );
  }
  const labels: Record<string, unknown> = {};
  for (let index = 0; index < values.length; index++) setOwn(labels, declared[index]!, values[index]);
  return labels;
}

/** Sets a property whose name may be `__proto__`, which an assignment would take for the prototype. */
export function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
