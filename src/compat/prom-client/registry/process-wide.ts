/** One object for the process under a key, shared by ESM, CommonJS and other copies of the package with the same version of it. */
export function processWide<T>(key: string, make: () => T): T {
  const symbol = Symbol.for(`zeroprom.prom-client.${key}`);
  const shared = globalThis as { [symbol]?: T };
  shared[symbol] ??= make();
  return shared[symbol];
}
