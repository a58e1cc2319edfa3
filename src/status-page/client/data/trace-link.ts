import type { LabelList } from '../../protocol.ts';

/** Fills a template such as `https://traces.example.com/{trace_id}`; undefined if a label is missing. */
export function traceLink(template: string | undefined, labels: LabelList): string | undefined {
  if (template === undefined || !/^https?:\/\//i.test(template)) return undefined;
  const values = new Map(labels);
  let isComplete = true;
  const url = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) isComplete = false;
    return encodeURIComponent(value ?? '');
  });
  return isComplete ? url : undefined;
}
