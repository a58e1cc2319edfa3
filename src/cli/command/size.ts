const UNITS = new Map([
  ['', 1],
  ['b', 1],
  ['kib', 2 ** 10],
  ['kb', 1e3],
  ['mib', 2 ** 20],
  ['mb', 1e6],
  ['gib', 2 ** 30],
  ['gb', 1e9],
]);

/** The bytes of `1000`, `64MB` or `256MiB`. */
export function parseSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS.get(unit.toLowerCase());
  if (amount === undefined || factor === undefined) {
    throw new RangeError(`${JSON.stringify(text)} is no size: write 1000, 64MB or 256MiB.`);
  }
  return Math.floor(Number(amount) * factor);
}

/** Bytes for people: `17 B`, `1.2 KiB`. */
export function formatSize(bytes: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), steps.length - 1);
  const amount = bytes / 2 ** (10 * step);
  return `${step === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${steps[step]}`;
}
