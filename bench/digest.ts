import { createHash } from 'node:crypto';

/** Maximum number of lines to compare. */
const MOST_LINES = 200_000;

/**
 * Returns a digest of the samples of a text exposition that does not depend on the library: the number of lines, and a hash of
 * the lines with sorted labels and parsed numbers. Quantiles are left out, because each library estimates them
 * differently.
 */
export function digest(exposition: Buffer | string | undefined): string | undefined {
  if (exposition === undefined) return undefined;
  const lines = exposition
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('quantile="'));
  const step = Math.ceil(lines.length / MOST_LINES);
  const compared = lines.filter((_, index) => index % step === 0).map(canonical);
  const hash = createHash('sha1').update(compared.sort().join('\n')).digest('hex');
  return `${lines.length} lines, ${hash}`;
}

function canonical(line: string): string {
  const [, name = '', labels = '', value = ''] = /^([^{ ]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
  const sorted = [...labels.matchAll(/[^,]+?="(?:[^"\\]|\\.)*"/g)].map(String).sort();
  return `${name} ${sorted} ${Number(value.replace('Inf', 'Infinity'))}`;
}
