/** What names of metrics begin with that are about a program: its name, as far as names of metrics allow. */
export function metricPrefix(program: string): string {
  return program.replace(/[^a-zA-Z0-9_]/g, '_');
}
