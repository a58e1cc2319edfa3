import { escapeQuoted } from '../../../exposition/text/text-syntax.ts';
import { isObject, type LabelObject } from '../series/label-arguments.ts';

/** A sample as `get()` shows it. */
export interface MetricValue {
  readonly labels?: LabelObject | undefined;
  readonly value: unknown;
  readonly metricName?: string;
  /** Labels that come last, as those of a histogram's series do. */
  readonly sharedLabels?: LabelObject;
  readonly exemplar?: unknown;
}

/** An exemplar as prom-client keeps it: the time in seconds. */
export interface Exemplar {
  readonly labelSet: LabelObject;
  readonly value: number;
  readonly timestamp: number;
}

/** Returns a number as prom-client writes it: as in JavaScript, except for `Nan`, `+Inf` and `-Inf`. */
export function valueText(given: unknown): string {
  const isNumeric = typeof given === 'number' || typeof given === 'string' || typeof given === 'bigint';
  const value = isNumeric ? Number(given) : Number.NaN;
  if (Number.isFinite(value)) return `${value}`;
  if (Number.isNaN(value)) return 'Nan';
  return value < 0 ? '-Inf' : '+Inf';
}

/** `a="1",b="2",`, each with the comma. */
export function labelsText(labels: LabelObject): string {
  let text = '';
  for (const [name, value] of Object.entries(labels)) text += labelText(name, value);
  return text;
}

/** `a="1",` */
export function labelText(name: string, value: unknown): string {
  return `${name}="${escapeQuoted(`${value}`)}",`;
}

/** Escapes help texts and names: `\` and line feeds. */
export function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** ` # {trace_id="1"} 0.5 1678654679.052` */
export function exemplarText({ labelSet, value, timestamp }: Exemplar): string {
  return ` # {${labelsText(labelSet).slice(0, -1)}} ${valueText(value)} ${timestamp}`;
}

/** Returns the line of a sample, without its line feed. Its own labels have precedence over default ones. */
export function sampleLine(
  name: string,
  sample: MetricValue,
  defaultLabels: LabelObject,
  showsExemplar: boolean,
): string {
  const { labels = {}, sharedLabels = {}, exemplar } = sample;
  const first = Object.entries({ ...labels, ...defaultLabels, ...labels });
  const shown = Object.fromEntries(first.filter(([label]) => !Object.hasOwn(sharedLabels, label)));
  const text = (labelsText(shown) + labelsText(sharedLabels)).slice(0, -1);
  const end = showsExemplar && isExemplar(exemplar) ? exemplarText(exemplar) : '';
  return `${name}${text === '' ? '' : `{${text}}`} ${valueText(sample.value)}${end}`;
}

function isExemplar(exemplar: unknown): exemplar is Exemplar {
  return isObject(exemplar) && isObject(exemplar['labelSet']);
}
