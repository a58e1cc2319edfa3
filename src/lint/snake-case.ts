/** A name in snake_case: `myTCPExample` becomes `my_tcp_example`, `isNaN` `is_nan`, `diskUsage.total` `disk_usage_total`. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z][a-z]?[A-Z])$/g, (_, before, word) => `${before}_${word.toLowerCase()}`)
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9_]+/g, '_')
    .toLowerCase();
}
