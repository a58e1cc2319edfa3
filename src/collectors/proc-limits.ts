/**
 * The soft limit that a line of `/proc/self/limits` names: `Max open files    1024    4096    files`. Infinity is none;
 * undefined where there is no such line.
 */
export function softLimit(limits: string | undefined, name: string): number | undefined {
  const at = limits === undefined ? -1 : `\n${limits}`.indexOf(`\n${name} `);
  if (limits === undefined || at < 0) return undefined;
  const [text = ''] = limits
    .slice(at + name.length)
    .trimStart()
    .split(/\s/, 1);
  if (text === 'unlimited') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
