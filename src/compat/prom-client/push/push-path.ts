/** Where the Pushgateway keeps the metrics of a group: `/metrics/job/NAME/LABEL/VALUE`, below the path of its URL. */
export function pushPath(gateway: URL, jobName: unknown, groupings: Readonly<Record<string, unknown>> = {}): string {
  const base = gateway.pathname.replace(/\/+$/, '');
  if (!jobName) return `${base}/metrics`;
  const labels = Object.entries(groupings).map(([name, value]) => segments(name, value));
  return [`${base}/metrics`, segments('job', jobName), ...labels].join('/');
}

/** A label and its value. A path can hold neither empty values nor slashes: those are written in base64. */
function segments(name: string, value: unknown): string {
  const label = encodeURIComponent(name);
  const text = `${value}`;
  if (text === '') return `${label}@base64/=`;
  if (!text.includes('/')) return `${label}/${encodeURIComponent(text)}`;
  return `${label}@base64/${Buffer.from(text).toString('base64url')}`;
}
