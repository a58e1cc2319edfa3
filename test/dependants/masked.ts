/** Families whose series depend on timing: garbage collections and open resources. Only their metadata is compared. */
const MOMENTARY = /^nodejs_(gc_duration_seconds|active_\w+|eventloop_utilization\w*)/;
/** Samples whose values depend on time or on the process. */
const TIMED = /(seconds|duration|latency|perf|process_|nodejs_)/;
/** Samples that say how often something happened, which does not depend on time. */
const COUNTED = /^(?!.*(process_|nodejs_)).*(_count|le="\+Inf"|le="60")/;

/** Returns the output of a program in lines, without the parts that differ between two runs. */
export function masked(output: string): string {
  const lines = output.split('\n').flatMap((line) => {
    if (!line.startsWith('["')) return [line];
    const [name, value]: [string, unknown] = JSON.parse(line);
    return [`== ${name}`, ...(typeof value === 'string' ? pageLines(value) : [JSON.stringify(value)])];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

function pageLines(page: string): string[] {
  if (page.startsWith('[')) return jsonLines(JSON.parse(page));
  return page.split('\n').flatMap((line) => {
    const [, series = '', value = ''] = /^([^#{\s]+(?:\{.*\})?) (\S+)/.exec(line) ?? [];
    if (series === '') return [line];
    return maskedSample(series, value);
  });
}

/** `getMetricsAsJSON()`: the families, and each sample in a line. */
function jsonLines(families: readonly { name: string; values: readonly Record<string, unknown>[] }[]): string[] {
  return families.flatMap(({ values, ...family }) => [
    JSON.stringify(family),
    ...values.flatMap(({ value, labels, metricName = family.name, ...rest }) => {
      const series = `${metricName}${JSON.stringify(labels)}${JSON.stringify(rest)}`;
      return maskedSample(series.replace('"le":"+Inf"', 'le="+Inf"').replace('"le":60', 'le="60"'), String(value));
    }),
  ]);
}

function maskedSample(series: string, value: string): string[] {
  const name = series.replace(/^shop_/, '');
  if (MOMENTARY.test(name)) return [];
  return [`${series} ${TIMED.test(series) && !COUNTED.test(series) ? 'MASKED' : value}`];
}
