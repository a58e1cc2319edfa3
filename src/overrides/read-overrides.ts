import type { Labels } from '../model/labels.ts';
import { checkLabelName, checkMetricName } from '../model/naming.ts';
import { thrownText } from '../model/thrown.ts';
import type { MetricOverride, OverrideFile } from '../registry/override-file.ts';
import { parseYaml } from '../web-config/yaml/yaml.ts';
import { isNull, YamlMapping } from '../web-config/yaml/yaml-mapping.ts';
import { errorAt, type YamlNode } from '../web-config/yaml/yaml-node.ts';

const SETTINGS = ['drop', 'rename', 'labels', 'buckets', 'native', 'max_series'];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$|^\+?(?:Inf|\.inf)$/;

/**
 * Parses a file of overrides, in YAML or JSON.
 *
 * @param path the path of the file, for error messages.
 * @throws {Error} if it is invalid; the message names the file, the line and the key.
 *
 * @example
 * ```ts
 * import { readOverrides } from 'zeroprom/overrides';
 *
 * const text = 'metrics: { http_request_duration_seconds: { buckets: [0.1, 1, 10] } }';
 * console.log(readOverrides(text, 'overrides.yml').metrics[0]?.buckets); // [0.1, 1, 10]
 * ```
 */
export function readOverrides(text: string, path: string): OverrideFile {
  try {
    const root = new YamlMapping(parseYaml(text), ['metrics']);
    const entries = root.node('metrics')?.value ?? new Map<string, YamlNode>();
    if (!(entries instanceof Map)) throw root.errorAt('metrics', 'metrics must be a map of metric names.');
    return { path, metrics: Array.from(entries as ReadonlyMap<string, YamlNode>, readMetric) };
  } catch (error) {
    throw new Error(`${path}: ${thrownText(error)}`, { cause: error });
  }
}

function readMetric([name, node]: readonly [string, YamlNode]): MetricOverride {
  const path = `metrics.${name}.`;
  placed(node, `metrics.${name}`, () => checkMetricName(name));
  if (!isNull(node) && !(node.value instanceof Map)) throw errorAt(node, `metrics.${name} must be a map of settings.`);
  const settings = new YamlMapping(node, SETTINGS, path);
  const override = {
    name,
    line: node.line,
    drop: settings.flag('drop') ?? false,
    rename: readName(settings, `${path}rename`),
    labels: readLabels(settings.node('labels'), `${path}labels`),
    buckets: readBuckets(settings, `${path}buckets`),
    native: settings.flag('native'),
    maxSeries: settings.count('max_series'),
  };
  if (override.maxSeries === 0) throw settings.errorAt('max_series', `${path}max_series must be at least 1.`);
  const given = settings.stated;
  if (given.length === 0) throw errorAt(node, `metrics.${name} must have at least one of ${SETTINGS.join(', ')}.`);
  if (override.drop && given.length > 1) throw settings.errorAt('drop', `${path}drop excludes all other settings.`);
  return override;
}

function readName(settings: YamlMapping, key: string): string | undefined {
  const node = settings.node('rename');
  const name = settings.text('rename');
  if (node !== undefined && name === undefined) throw errorAt(node, `${key} must not be empty.`);
  if (name !== undefined) placed(node, key, () => checkMetricName(name));
  return name;
}

function readLabels(node: YamlNode | undefined, key: string): Labels {
  if (node === undefined) return {};
  if (!(node.value instanceof Map)) throw errorAt(node, `${key} must be a map of label values.`);
  return Object.fromEntries(
    Array.from(node.value as ReadonlyMap<string, YamlNode>, ([name, valueNode]) => {
      const { value } = valueNode;
      if (typeof value !== 'string') throw errorAt(valueNode, `${key}.${name} must be a text.`);
      placed(valueNode, '', () => checkLabelName(name, key));
      return [name, value];
    }),
  );
}

function readBuckets(settings: YamlMapping, key: string): readonly number[] | undefined {
  const bounds = settings.texts('buckets')?.map((text) => {
    if (!NUMBER.test(text)) throw settings.errorAt('buckets', `${key} must be numbers, got ${JSON.stringify(text)}.`);
    const bound = /inf/i.test(text) ? Number.POSITIVE_INFINITY : Number(text) + 0;
    if (Number.isFinite(bound) || /inf/i.test(text)) return bound;
    throw settings.errorAt('buckets', `${key} must be finite or +Inf, got ${JSON.stringify(text)}.`);
  });
  if (bounds?.some((bound, index) => index > 0 && !(bound > (bounds[index - 1] ?? bound)))) {
    throw settings.errorAt('buckets', `${key} must increase.`);
  }
  return bounds;
}

/** Calls a check; its error gets the place of the node, and the key. */
function placed<T>(node: YamlNode | undefined, key: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw errorAt(node, key === '' ? thrownText(error) : `${key}: ${thrownText(error)}`);
  }
}
